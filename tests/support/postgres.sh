#!/usr/bin/env bash
# A private PostgreSQL (15 or newer) on a free port of 127.0.0.1 and a Unix socket; its superuser is `postgres`, trusted.
#   postgres.sh start DIR [PARAMETER=VALUE…]   starts it, or shares the one that runs; DIR/state then says port=… socket=…
#   postgres.sh stop DIR [all]                 gives it up; it ends with its last owner (the calling processes)
#   postgres.sh down DIR immediate|fast        stops the server as a crash or an operator would; its data stays
#   postgres.sh up DIR                         starts it again on its port and with its data
# fsync is off unless a parameter (fsync=on) says otherwise. As root the server runs as the user `postgres`, since
# PostgreSQL refuses root. Data is under ${TMPDIR:-/tmp} and goes when it stops.
set -euo pipefail
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/keeper.sh"

find_bin() {
  bin=${GANTRY_POSTGRES_BIN:-$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -V | tail -n 1 || true)}
  [ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb || true)")
  [ -x "$bin/initdb" ] || fail "no PostgreSQL server found: install postgresql, or set GANTRY_POSTGRES_BIN"
}

as_server_user() {
  if [ "$(id -u)" = 0 ]; then
    set -- setpriv --reuid postgres --regid postgres --init-groups --pdeathsig QUIT "$@"
  else
    set -- setpriv --pdeathsig QUIT "$@"
  fi
  cd "$data" && exec "$@"
}

launch() {
  find_bin
  # Appended to: what was said before a restart is often what explains a failure.
  (as_server_user "$bin/postgres" -D "$data/cluster") </dev/null >>"$data/log" 2>&1 3>&- &
  echo $! >"$data/pid"
}

server_alive() { grep -qsz "$data/cluster" "/proc/$(cat "$data/pid" 2>/dev/null)/cmdline"; }
signal() { ! server_alive || kill "-$1" "$(cat "$data/pid")"; }
wait_down() { for _ in $(seq 600); do server_alive || return 0; sleep 0.05; done; return 1; }
shut_down() {
  signal QUIT
  wait_down || signal KILL
}

# 0: it takes connections. 1: it has ended, or 60 s are over.
wait_up() {
  local deadline=$((SECONDS + 60))
  until [ -s "$data/pid" ]; do keeper_alive || return 1; sleep 0.02; done
  until "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; do
    # The shell that becomes the server is called otherwise for a moment.
    kill -0 "$(cat "$data/pid")" 2>/dev/null && [ $SECONDS -lt $deadline ] || return 1
    sleep 0.05
  done
}

prepare() {
  local parameter
  data=$(mktemp -d "${TMPDIR:-/tmp}/gantry-postgres-XXXXXX")
  port=$(free_ports 1)
  mkdir "$data/socket"
  [ "$(id -u)" != 0 ] || chown -R postgres "$data"
  (as_server_user "$bin/initdb" -D "$data/cluster" -U postgres --auth=trust --no-sync --no-instructions \
    -E UTF8 --locale=C.UTF-8) >"$data/initdb.log" 2>&1 || { cat "$data/initdb.log" >&2; fail "initdb failed"; }
  {
    printf "port = %s\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '%s'\n" "$port" "$data/socket"
    printf "fsync = off\nsynchronous_commit = on\nfull_page_writes = off\nmax_connections = 200\n"
    printf "shared_buffers = 32MB\nautovacuum_naptime = 10min\nlog_line_prefix = '%%m [%%p] %%d '\n"
    for parameter; do printf "%s = '%s'\n" "${parameter%%=*}" "${parameter#*=}"; done
  } >>"$data/cluster/postgresql.conf"
}

start() {
  lock
  touch "$dir/owners/$owner"
  if read_state; then return 0; fi
  forget_killed_keeper
  find_bin
  local attempt collided
  for attempt in 1 2 3; do
    prepare "$@"
    start_keeper "$data" || fail "the keeper did not start, see $data/keeper.log"
    say_to_keeper "launch server"
    if wait_up; then
      printf 'keeper=%s\ndata=%s\nport=%s\nsocket=%s\n' "$keeper" "$data" "$port" "$data/socket" >"$dir/state.new"
      mv "$dir/state.new" "$dir/state"
      return 0
    fi
    collided=$(grep -s 'Address already in use' "$data/log" || true)
    [ -n "$collided" ] || tail -n 20 "$data/log" >&2
    say_to_keeper stop
    while keeper_alive; do sleep 0.1; done
    [ -n "$collided" ] || fail "PostgreSQL did not start; the end of its log is above"
  done
  fail "no free port found in $attempt attempts"
}

down() {
  need_state
  case $1 in
    immediate) signal QUIT ;;
    fast) signal INT ;;
    *) fail "down needs immediate or fast, not '$1'" ;;
  esac
  wait_down || fail "the server did not stop within 30 s, see $data/log"
}

up() {
  need_state
  find_bin
  if server_alive; then return 0; fi
  rm -f "$data/pid"
  say_to_keeper "launch server"
  wait_up || { tail -n 20 "$data/log" >&2; fail "the server did not come back"; }
}

case $1 in
  start) start "${@:3}"; echo "port=$port" ;;
  stop) stop_service "$@" ;;
  keep) keep "$@" ;;
  down) down "${3:-}" ;;
  up) up ;;
  *) fail "unknown command $1; see the head of the file" ;;
esac
