#!/usr/bin/env bash
# packaging/install_packages.sh LIST…: installs what these lists name and this machine (Debian 12) lacks. Removes nothing,
# and neither makes nor starts a service: Debian's postgresql would make a cluster and start it. What prevents that is
# taken away again.
set -euo pipefail

wanted=$(cat -- "${@:?name at least one list of packages}")
missing=()
while read -r package; do
  case $package in '' | '#'*) continue ;; esac
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done <<<"$wanted"
[ ${#missing[@]} -gt 0 ] || { echo "all packages are installed"; exit 0; }

sudo=()
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "missing: ${missing[*]}; run as root, or install sudo" >&2; exit 1; }
  sudo=(sudo)
fi

policy=/usr/sbin/policy-rc.d
no_cluster=/etc/postgresql-common/createcluster.d/gantry-tests.conf
cleanup() {
  "${sudo[@]}" rm -f "$no_cluster"
  [ -z "${own_policy:-}" ] || "${sudo[@]}" rm -f "$policy"
}
trap cleanup EXIT
"${sudo[@]}" mkdir -p "$(dirname "$no_cluster")"
echo 'create_main_cluster = false' | "${sudo[@]}" tee "$no_cluster" >/dev/null
if [ ! -e "$policy" ]; then
  own_policy=1
  printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
  "${sudo[@]}" chmod 755 "$policy"
fi

echo "installing ${missing[*]}"
"${sudo[@]}" apt-get -q update
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get -q install --yes --no-install-recommends --no-remove "${missing[@]}"
