# Sourced beside clean_root.sh: what an installed host works with, on this machine and private to the test.
#   start_services     $bootstrap (three brokers), $postgres_port, $alerttalk_port; runs beside what follows until
#   need_services      waits for them
#   connect_host       writes them and free ports, $http_port and $admin_port, into the root's configuration, as an
#                      administrator does, and secrets into its credential store
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
  bootstrap=$(sed -n 's/^bootstrap=//p' "$bed/kafka/state")
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
  # shellcheck disable=SC2016
  sed -i -e "s/^\"bootstrap.servers\" = .*/\"bootstrap.servers\" = \"$bootstrap\"/" \
    -e 's/^dsn = .*/dsn = "${credential:postgres-dsn}"/' \
    -e "s/127.0.0.1:8080/127.0.0.1:$http_port/" -e "s/127.0.0.1:9464/127.0.0.1:$admin_port/" "$root/etc/gantry/gantry.toml"
  (
    umask 077
    mkdir -p "$root/etc/credstore"
    echo "postgresql://postgres@127.0.0.1:$postgres_port/postgres" >"$root/etc/credstore/postgres-dsn"
    echo "key" >"$root/etc/credstore/alerttalk-sender-key"
  )
}
