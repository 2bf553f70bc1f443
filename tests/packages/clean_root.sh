# Sourced by tests that need root and a clean system to change:
#   make_root RELEASE       $root is a copy of build/roots/RELEASE (root.sh), removed when the script ends
#   boot                    $root runs systemd as its process 1, on this machine's network; 1 where this machine can't have that
#   inside COMMAND…         runs in $root
#   apt ARGUMENTS…          apt-get in $root; its output only where it fails
#   step WORDS…             says what comes
#   await SECONDS WHAT COMMAND…   until COMMAND succeeds
#   fails COMMAND…          is true where COMMAND is not: of a "!" set -e takes no notice
# The script is named at the end with the step that failed. What else it wants to undo it puts into cleanup().
root="" init="" booted="" groups=""
step=start
step() { step=$* && echo "-- $*"; }
fails() { if "$@"; then echo "succeeded: $*" >&2 && return 1; fi; }
cleanup() { :; }

finish() {
  local status=$?
  set +e
  case $status in 0 | 77) ;; *) echo "FAILED: $step" >&2 ;; esac
  cleanup $status
  [ -z "$booted" ] || shut_down
  [ -z "$root" ] || umount "$root/proc" 2>/dev/null
  [ -z "$root" ] || rm -rf --one-file-system "$root" "$root.log"
}
trap finish EXIT
trap 'exit 130' INT TERM

make_root() {
  local clean
  clean=$(tests/packages/root.sh "$1")
  root=$(mktemp -d "$PWD/build/roots/run.XXXXXX")
  chmod 755 "$root"  # as / is: who is not root has to pass
  cp -a "$clean/." "$root"
  mount -t proc proc "$root/proc"
}

inside() {
  local enter=(chroot "$root")
  [ -z "$init" ] || enter=(nsenter --target "$init" --all)
  "${enter[@]}" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}
apt() { inside apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >"$root.log" 2>&1 || { cat "$root.log"; return 1; }; }

await() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $deadline ] || { echo "waited in vain for $what" >&2; return 1; }
    sleep 0.1
  done
}

boot() {
  # A control group of its own, which is all of the hierarchy that the system in it sees.
  groups=$(mktemp -d)
  if ! { mount -t cgroup2 cgroup2 "$groups" && mkdir "$groups/${root##*/}" && unshare --mount --cgroup --pid --uts --ipc --fork true; }; then
    umount "$groups" 2>/dev/null || true
    rmdir "$groups"
    return 1
  fi
  # Nothing of its own accord: apt's timers would hold dpkg's lock. Maintainer scripts may start what they want.
  ln -s /dev/null "$root/etc/systemd/system/timers.target"
  rm "$root/usr/sbin/policy-rc.d"
  umount "$root/proc"
  setpriv --pdeathsig KILL tests/packages/boot.sh "$root" "$groups/${root##*/}" >"$root.log" 2>&1 &
  booted=$!
  await 60 "systemd" is_up || { cat "$root.log"; exit 1; }
}
is_up() {
  init=$(pgrep -P "$booted") && [ "$(cat "/proc/$init/comm")" = systemd ] &&
    case $(inside systemctl is-system-running 2>/dev/null) in running | degraded) true ;; *) false ;; esac
}

shut_down() {
  kill -KILL "$booted"  # with which process 1 ends, and with that every other
  wait "$booted" 2>/dev/null
  await 30 "the root's processes to end" is_empty
  find "$groups/${root##*/}" -depth -type d -exec rmdir {} +
  umount "$groups"
  rmdir "$groups"
}
is_empty() { grep -q '^populated 0' "$groups/${root##*/}/cgroup.events"; }
