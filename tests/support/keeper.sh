# Sourced by kafka.sh and postgres.sh: a service that lives as long as somebody owns it.
#
# A state folder DIR holds `state` (variables for test programs), `owners/PID` (who needs the service) and `lock`. One
# process, the keeper, is the parent of all that runs; it ends everything and removes the data when no owner is alive, so
# that neither a killed ctest nor a killed test program leaves anything behind. If the keeper itself is killed, the
# kernel ends its children (parent death signal).
#
# The script that sources this defines: launch NODE, shut_down, and calls `keep` when its first argument is "keep".

dir=${2:-}
owner=${OWNER:-$PPID}
fail() { echo "$(basename "$0"): $*" >&2; exit 1; }
[ -n "$dir" ] || fail "usage: $(basename "$0") COMMAND DIR; see the head of the file"
mkdir -p "$dir/owners"
dir=$(cd "$dir" && pwd)

lock() { exec 9>"$dir/lock"; flock 9; }
unlock() { exec 9>&-; }
read_state() { [ -f "$dir/state" ] && . "$dir/state" && keeper_alive; }
keeper_alive() { [ -n "${keeper:-}" ] && grep -qsz "^$dir\$" "/proc/$keeper/cmdline"; }
# A keeper that was killed could not remove its data.
remove_data() { case ${1:-} in */gantry-*) rm -rf "$1" ;; esac; }
forget_killed_keeper() { [ ! -f "$dir/state" ] || { . "$dir/state"; remove_data "$data"; rm -f "$dir/state"; }; }
need_state() { read_state || fail "nothing runs in $dir: start it first"; }
say_to_keeper() { echo "$*" 1<>"$data/control"; }  # <>: a keeper that is gone must not block the caller

owned() {
  local file
  for file in "$dir"/owners/*; do
    [ -e "$file" ] || continue
    kill -0 "${file##*/}" 2>/dev/null && return 0
    rm -f "$file"
  done
  return 1
}

# Ports that nobody uses, below the ephemeral range: those could be taken by any outgoing connection while a stopped
# server is to come back on its port. Somebody may still be faster, so callers try again on a collision.
free_ports() {
  local low
  read -r low _ </proc/sys/net/ipv4/ip_local_port_range
  [ "$low" -gt 12000 ] || low=32768
  shuf -i "10240-$((low - 1))" -n $((200 + $1)) | awk -v wanted="$1" '
    FILENAME != "-" { split($2, local, ":"); if (FNR > 1) used[local[2]] = 1; next }
    !(sprintf("%04X", $1) in used) && found < wanted { print $1; found++ }' /proc/net/tcp /proc/net/tcp6 -
}

# start_keeper DATA: the keeper of this service, apart from the caller's terminal, output and lock.
start_keeper() {
  mkfifo "$1/control"
  setsid "$0" keep "$dir" "$1" </dev/null >"$1/keeper.log" 2>&1 9>&- &
  keeper=$!
  until [ -e "$1/ready" ]; do kill -0 "$keeper" 2>/dev/null || return 1; sleep 0.02; done
}

keep() {
  set +e  # whatever fails, the children are ended
  data=$3
  trap '' HUP INT
  trap 'break_off=1' TERM
  local command node
  exec 3<>"$data/control"
  touch "$data/ready"  # what is written before somebody reads is lost
  while [ -z "${break_off:-}" ]; do
    if read -rt 1 command node <&3; then
      case $command in launch) launch "$node" ;; stop) break ;; esac
    fi
    if ! owned; then
      lock
      if ! owned; then rm -f "$dir/state"; break; fi
      unlock
    fi
  done
  shut_down
  remove_data "$data"
}

# stop [all]: the caller needs it no more. It ends with its last owner.
stop_service() {
  lock
  rm -f "$dir/owners/$owner"
  [ "${3:-}" != all ] || rm -f "$dir"/owners/*
  owned && return 0
  read_state || return 0
  rm -f "$dir/state"
  say_to_keeper stop
  unlock  # the keeper, which may have seen by itself that nobody owns it, waits for the lock
  # Long: to remove the data of hundreds of databases takes its time on a disk that is busy.
  for _ in $(seq 2400); do keeper_alive || return 0; sleep 0.1; done
  fail "the keeper $keeper of $dir does not end"
}
