#!/usr/bin/env bash
# tests/packages/install_test.sh RELEASE FOLDER: installs the packages of FOLDER (packaging/build.sh) with apt into a clean
# root of that release, uses, upgrades, downgrades, removes and purges them. Needs root; says each step, ends with 1 at the
# first that fails, and with 77 where this machine does not let root make one. The root is a copy of build/roots/RELEASE and is
# removed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
release=${1:?name a release} folder=$(realpath "${2:?name the folder of the packages}")
# Containers often forbid what debootstrap does.
may_make_roots() {
  local probe status=0
  probe=$(mktemp -d)
  { mount -t proc proc "$probe" && umount "$probe" && mknod "$probe/null" c 1 3; } || status=1
  rm -r "$probe"
  return $status
}
may_make_roots || { echo "skipped: who runs this may not mount or make devices here"; exit 77; }

clean=$(tests/packages/root.sh "$release")
root=$(mktemp -d "$PWD/build/roots/run.XXXXXX")
step=start
finish() {
  local status=$?
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
  [ $status = 0 ] || echo "FAILED: $step" >&2
}
trap finish EXIT
cp -a "$clean/." "$root"
mount -t proc proc "$root/proc"

step() { step=$* && echo "-- $*"; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
apt() { inside apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >"$root/tmp/apt.log" 2>&1 || { cat "$root/tmp/apt.log"; return 1; }; }
in_root() { (cd "$root" && printf '/%s ' "$1"/*.deb); }
# Of what packages bring; logs and caches of apt and dpkg are not theirs.
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./tmp -o -path ./deb -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log \) -prune -o -print | sort); }

# The same content with a lower number: proves what maintainer scripts and conffiles do, not what older code did.
older() {
  local deb=$1 work
  work=$(mktemp -d)
  dpkg-deb -R "$deb" "$work/deb"
  local version
  version=$(dpkg-deb -f "$deb" Version)
  sed -i -e "s/^Version: .*/Version: $version~before/" -e "s/(= $version)/(= $version~before)/" "$work/deb/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$work/deb" "$root/deb/before/$(basename "$deb")" >/dev/null
  rm -rf "$work"
}

mkdir -p "$root/deb/before"
for deb in "$folder"/gantry_*.deb "$folder"/gantry-plugins_*.deb; do
  cp "$deb" "$root/deb/"
  older "$deb"
done

step "install what the packages depend on"
apt update
depends=$(for deb in "$root"/deb/*.deb; do dpkg-deb -f "$deb" Depends; done | tr ',' '\n' | sed -E 's/^ *([^ |]+).*/\1/' | grep -v '^gantry$' | sort -u)
# shellcheck disable=SC2086
apt install $depends
files >"$root/tmp/before"

step "install the version before"
apt install $(in_root deb/before)
step "the user and its folders are there"
[ "$(inside stat -c %U:%G:%a /var/lib/gantry)" = gantry:gantry:750 ]
step "gantry check passes as installed"
inside gantry check >/dev/null
step "gantry enable puts every shipped route into the configuration"
for route in order-saver alert payment coupon-issuer; do inside gantry enable "$route" >/dev/null; done
[ "$(inside gantry check | grep -c '^route ')" = 5 ]
echo '# mine' >>"$root/etc/gantry/routes.d/alert.toml"
sed -i 's/^memory_mb = .*/memory_mb = 200/' "$root/etc/gantry/gantry.toml"
step "an upgrade keeps changed files and asks for nothing"
apt install $(in_root deb)
grep -q '^# mine' "$root/etc/gantry/routes.d/alert.toml"
grep -q '^memory_mb = 200' "$root/etc/gantry/gantry.toml"
inside gantry check >/dev/null
step "a downgrade, too"
apt install --allow-downgrades $(in_root deb/before)
inside gantry check >/dev/null
step "removal leaves the configuration"
apt remove gantry-plugins gantry
[ ! -e "$root/usr/bin/gantry" ] && [ -e "$root/etc/gantry/routes.d/alert.toml" ]
step "purge leaves nothing"
apt purge gantry-plugins gantry
files >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after"
echo "ok: $release"
