# Sourced by tests that need root and a clean system to change:
#   make_root RELEASE       $root is a copy of build/roots/RELEASE, removed when the script ends; ends it with 77 where this
#                           machine does not let root make one
#   inside COMMAND…         runs in $root
#   apt ARGUMENTS…          apt-get in $root; its output only where it fails
#   step WORDS…             says what comes
#   await SECONDS WHAT COMMAND…   until COMMAND succeeds
# The script is named at the end with the step that failed. What else it wants to undo it puts into cleanup().
root=""
step=start
step() { step=$* && echo "-- $*"; }
cleanup() { :; }

finish() {
  local status=$?
  set +e
  [ $status = 0 ] || echo "FAILED: $step" >&2
  cleanup
  [ -z "$root" ] || umount "$root/proc" 2>/dev/null
  [ -z "$root" ] || rm -rf --one-file-system "$root" "$root.log"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Containers often forbid what debootstrap does.
may_make_roots() {
  local probe status=0
  probe=$(mktemp -d)
  { mount -t proc proc "$probe" && umount "$probe" && mknod "$probe/null" c 1 3; } || status=1
  rm -r "$probe"
  return $status
}

make_root() {
  may_make_roots || { echo "skipped: who runs this may not mount or make devices here"; exit 77; }
  local clean
  clean=$(tests/packages/root.sh "$1")
  root=$(mktemp -d "$PWD/build/roots/run.XXXXXX")
  chmod 755 "$root"  # as / is: who is not root has to pass
  cp -a "$clean/." "$root"
  mount -t proc proc "$root/proc"
}

inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
apt() { inside apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >"$root.log" 2>&1 || { cat "$root.log"; return 1; }; }

await() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ $SECONDS -lt $deadline ] || { echo "waited in vain for $what" >&2; return 1; }
    sleep 0.1
  done
}
