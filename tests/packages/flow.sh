# Sourced by install_test.sh beside clean_root.sh and services.sh: messages through the installed host, run by its unit in the
# booted root, while its packages change.
#   start_host             what is enabled, in the unit's sandbox
#   pay_an_order           a request goes through payment, order-saver and alert
#   reload_host            without alert; and what is wrong changes nothing
#   send_orders            numbered orders into trace-topic, beside what follows
#   change_host DEBS…      installs them while orders flow, which go on afterwards in a new process
#   end_orders             every order that was sent is saved, and none was handled twice
#   break_host             what the unit does about a host that hangs, and about a configuration that is wrong
sender=""

host() { inside systemctl show --property "$1" --value gantry; }
ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$admin_port/readyz")" = 200 ]; }

start_host() {
  sed -i "s#http://localhost:8090/#http://127.0.0.1:$alerttalk_port/#; s/^sender_key = .*/sender_key = \"\${credential:alerttalk-sender-key}\"/" \
    "$root/etc/gantry/routes.d/alert.toml"
  inside gantry db apply >/dev/null
  inside systemctl start gantry
  await 60 "the host to be ready" ready
  # Where systemd can't make a part of the sandbox it goes without.
  local process
  process=$(host MainPID)
  for line in 'CapBnd: 0000000000000000' 'NoNewPrivs: 1' 'Seccomp: 2'; do
    inside sh -c "tr '\t' ' ' </proc/$process/status" | grep "$line" >/dev/null
  done
  inside grep -E ' / ro,[a-z,]*noexec' "/proc/$process/mountinfo" >/dev/null
  inside grep -E ' /var/lib/gantry rw,' "/proc/$process/mountinfo" | grep -v noexec >/dev/null
}

pay_an_order() {
  sql "INSERT INTO orders (order_id, user_id, amount, currency) VALUES (1, 7, 12000, 'KRW')"
  curl -fsS -o /dev/null -H 'Content-Type: application/json' -d '{"orderId":1,"userId":7,"amount":12000,"currency":"KRW"}' \
    "http://127.0.0.1:$http_port/payments"
  await 60 "the order to be saved" saved_are 1
  await 60 "the notification" notified
}
notified() { [ "$(tail -n +2 "$bed/alerttalk")" = 1 ]; }

reload_host() {
  has_route alert
  inside gantry disable alert >/dev/null
  inside systemctl reload gantry
  fails has_route alert
  echo 'wrong' >"$root/etc/gantry/routes.d/wrong.toml"
  fails inside systemctl reload gantry 2>/dev/null
  rm "$root/etc/gantry/routes.d/wrong.toml"
  ready
}

has_route() { fetch /routes | grep "\"name\":\"$1\""; } >/dev/null
saved() { sql 'SELECT count(*) FROM saved_orders'; }
saved_are() { [ "$(saved)" = "$1" ]; }
saved_are_above() { [ "$(saved)" -gt "$1" ]; }
# Of this process: of messages that the one before had settled.
handled_again() { fetch /metrics | awk '/^gantry_plugin_orders_duplicate_total/ { seen = 1; sum += $2 } END { print seen ? sum : "not said" }'; }

# Order 1 was paid. $bed/last is the last one that the brokers have.
send_orders() {
  send_numbered_orders >"$bed/sender.log" 2>&1 &
  sender=$!
  await 60 "orders to flow" saved_are_above 1000
}
send_numbered_orders() {
  local next=2 many=200
  until [ -e "$bed/enough" ]; do
    seq "$next" $((next + many - 1)) | awk '{ printf "customer-%d\t{\"type\":\"OrderCreatedEvent\",\"eventId\":\"event-%d\"," \
      "\"orderId\":%d,\"userId\":7,\"amount\":12000,\"currency\":\"KRW\",\"status\":\"PAID\",\"occurredAt\":\"2024-05-01T12:00:00+09:00\"}\n", \
      $1 % 37, $1, $1 }' | kcat -P -b "$bootstrap" -t trace-topic -K $'\t' -X acks=all -X enable.idempotence=true
    next=$((next + many))
    echo $((next - 1)) >"$bed/last"
  done
}

change_host() {
  local process
  process=$(host MainPID)
  apt install --allow-downgrades "$@"
  [ "$(host MainPID)" != "$process" ]
  await 60 "orders to flow on" saved_are_above $(($(saved) + 1000))
  [ "$(handled_again)" = 0 ]
  [ "$(host NRestarts)" = 0 ]
  # It runs the plugins that came along.
  for library in "$root"/usr/lib/*/gantry/plugins/liborder-saver.so; do
    inside grep -q "$(sha256sum "$library" | cut -d ' ' -f 1)" "/proc/$(host MainPID)/maps"
  done
}

break_host() {
  inside systemctl kill --signal=STOP gantry
  await 60 "the watchdog" restarted
  await 60 "the host to be ready" ready
  echo 'wrong' >"$root/etc/gantry/routes.d/wrong.toml"
  fails inside systemctl restart gantry 2>/dev/null
  rm "$root/etc/gantry/routes.d/wrong.toml"
  # Not again and again.
  [ "$(host ActiveState) $(host Result) $(host ExecMainStatus)" = "failed exit-code 78" ]
  inside systemctl start gantry
}
restarted() { [ "$(host NRestarts)" = 1 ]; }

end_orders() {
  touch "$bed/enough"
  wait "$sender" || { cat "$bed/sender.log"; return 1; }
  sender=""
  local last
  last=$(cat "$bed/last")
  await 60 "all $last orders" saved_are "$last"
  [ "$(sql 'SELECT min(order_id), max(order_id), count(DISTINCT order_id) FROM saved_orders')" = "1|$last|$last" ]
  [ "$(handled_again)" = 0 ]
  inside gantry dlq list | grep 'no dead letters' >/dev/null
  echo "   $last orders"
}
