# Sourced beside clean_root.sh: what an installed host works with, on this machine and private to the test.
#   start_services     $bootstrap (three brokers), $postgres_port, $alerttalk_port; runs beside what follows until
#   need_services      waits for them
#   connect_host       writes them and free ports, $http_port and $admin_port, into the root's configuration, as an
#                      administrator does, and secrets into its credential store; brokers by TLS and a password. The unit
#                      gets a shorter watchdog, and a filter that kills
#   sql TEXT           what psql says
#   fetch PATH         of the host's admin address
#   stop_services
bed="" brokers="" alerttalk=""

service() { OWNER=$$ GANTRY_KAFKA_LIBS=${GANTRY_KAFKA_LIBS:-$PWD/build/release/testbed/kafka-libs} "tests/support/$1.sh" "${@:2}"; }
# keeper.sh is for scripts that are given a command and a folder.
free_ports() ( . tests/support/keeper.sh free_ports "$bed" && free_ports "$1" )

start_services() {
  bed=$(mktemp -d)
  service kafka start "$bed/kafka" >"$bed/kafka.log" 2>&1 &
  brokers=$!
  service postgres start "$bed/postgres" >/dev/null
  postgres_port=$(sed -n 's/^port=//p' "$bed/postgres/state")
  setpriv --pdeathsig KILL tests/packages/alerttalk.py >"$bed/alerttalk" &
  alerttalk=$!
}

need_services() {
  wait "$brokers" || { cat "$bed/kafka.log"; return 1; }
  bootstrap=$(sed -n 's/^bootstrap=//p' "$bed/kafka/state") secure=$(sed -n 's/^secure=//p' "$bed/kafka/state")
  await 30 "the port of AlertTalk" test -s "$bed/alerttalk"
  alerttalk_port=$(head -n 1 "$bed/alerttalk")
}

stop_services() {
  [ -n "$bed" ] || return 0
  [ -z "$alerttalk" ] || kill "$alerttalk"
  service kafka stop "$bed/kafka"
  service postgres stop "$bed/postgres"
  rm -rf "$bed"
}

sql() { psql -X -q -A -t -h 127.0.0.1 -p "$postgres_port" -U postgres -c "$1"; }
fetch() { curl -sS --max-time 10 "http://127.0.0.1:$admin_port$1"; }

connect_host() {
  { read -r http_port && read -r admin_port; } < <(free_ports 2)
  cat >"$bed/brokers" <<TOML
"bootstrap.servers" = "$secure"
"security.protocol" = "SASL_SSL"
"ssl.ca.location" = "/etc/gantry/ca.pem"
"sasl.mechanisms" = "PLAIN"
"sasl.username" = "gantry"
"sasl.password" = "\${credential:kafka-password}"
TOML
  # shellcheck disable=SC2016
  sed -i -e "/^\"bootstrap.servers\"/{r $bed/brokers" -e 'd}' -e 's/^dsn = .*/dsn = "${credential:postgres-dsn}"/' \
    -e "s/127.0.0.1:8080/127.0.0.1:$http_port/" -e "s/127.0.0.1:9464/127.0.0.1:$admin_port/" "$root/etc/gantry/gantry.toml"
  install -m 644 "$(sed -n 's/^ca=//p' "$bed/kafka/state")" "$root/etc/gantry/ca.pem"
  mkdir -p -m 700 "$root/etc/credstore"
  secret postgres-dsn "postgresql://postgres@127.0.0.1:$postgres_port/postgres"
  secret alerttalk-sender-key key
  secret kafka-password gantry-secret
  mkdir -p "$root/etc/systemd/system/gantry.service.d"
  # What the filter refuses ends the process instead of failing in it: nothing may need that.
  printf '[Service]\nSystemCallErrorNumber=kill\nWatchdogSec=10\n' >"$root/etc/systemd/system/gantry.service.d/test.conf"
  inside systemctl daemon-reload
}
secret() { (umask 077 && echo "$2" >"$root/etc/credstore/$1"); }
