#!/usr/bin/env bash
# tests/packages/root.sh RELEASE: makes a clean Debian root (bookworm or trixie) in build/roots/RELEASE unless it is there,
# and prints its path. Needs root. The mirror is the one that this machine's apt uses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
release=${1:?name a release}
root=$PWD/build/roots/$release
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
