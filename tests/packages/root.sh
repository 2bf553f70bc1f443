#!/usr/bin/env bash
# tests/packages/root.sh RELEASE: makes a clean Debian root (bookworm or trixie) in build/roots/RELEASE unless it is there,
# and prints its path. Needs root; ends with 77 where this machine does not let root make or enter one. The mirror is the one
# that this machine's apt uses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
release=${1:?name a release}
root=$PWD/build/roots/$release
# Containers often forbid what debootstrap does.
may_make_roots() {
  local probe status=0
  probe=$(mktemp -d)
  { mount -t proc proc "$probe" && umount "$probe" && mknod "$probe/null" c 1 3; } || status=1
  rm -r "$probe"
  return $status
}
may_make_roots || { echo "skipped: who runs this may not mount or make devices here" >&2; exit 77; }
mkdir -p build/roots
exec 9>build/roots/lock && flock 9  # one test makes it, the other waits
[ -e "$root/.complete" ] && echo "$root" && exit
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Component: main' | grep -v -- -security | head -n 1)
[ -n "$mirror" ] || { echo "apt on this machine has no mirror" >&2; exit 1; }
rm -rf "$root"
mkdir -p "$root"
debootstrap --variant=minbase "$release" "$root" "$mirror" >&2
# How this machine reaches the mirror.
apt-config dump Acquire >"$root/etc/apt/apt.conf.d/80machine" || true
cp /etc/resolv.conf "$root/etc/resolv.conf"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
touch "$root/.complete"
echo "$root"
