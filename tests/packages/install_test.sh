#!/usr/bin/env bash
# tests/packages/install_test.sh [RELEASE FOLDER]: installs the packages of FOLDER (packaging/build.sh; default: build/packages)
# with apt into a clean root of that release (default: this machine's), uses, upgrades, downgrades, removes and purges them,
# with messages flowing through the host where this machine lets systemd be process 1 of a root. Needs root; says each step,
# ends with 1 at the first that fails, and with 77 where this machine does not let root make one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
release=${1:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)} folder=$(realpath "${2:-build/packages}")
. tests/packages/clean_root.sh
. tests/packages/services.sh
. tests/packages/flow.sh

cleanup() {
  [ "$1" = 0 ] || [ -z "$booted" ] || inside journalctl -u gantry -n 100 --no-pager
  [ -z "$sender" ] || { touch "$bed/enough" && wait "$sender"; }
  stop_services
}
in_root() { (cd "$root" && printf '/%s ' "$1"/*.deb); }
# Of what packages bring; logs and caches of apt, dpkg and systemd are not theirs.
files() { (cd "$root" && find . -xdev \( -path ./proc -o -path ./tmp -o -path ./deb -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/lib/systemd -o -path ./var/cache -o -path ./var/log \) -prune -o -print | sort); }

# The same with a lower number, and other bytes behind the code of the plugins: proves what maintainer scripts, conffiles and
# the restart do, not what older code did.
older() {
  local deb=$1 work version library
  work=$(mktemp -d)
  dpkg-deb -R "$deb" "$work/deb"
  version=$(dpkg-deb -f "$deb" Version)
  sed -i -e "s/^Version: .*/Version: $version~before/" -e "s/(= $version)/(= $version~before)/" "$work/deb/DEBIAN/control"
  for library in "$work"/deb/usr/lib/*/gantry/plugins/*.so; do [ ! -e "$library" ] || echo before >>"$library"; done
  dpkg-deb --root-owner-group -b "$work/deb" "$root/deb/before/$(basename "$deb")" >/dev/null
  rm -rf "$work"
}

step "make a root"
make_root "$release"
start_services
mkdir -p "$root/deb/before"
for deb in "$folder"/gantry_*.deb "$folder"/gantry-plugins_*.deb; do
  cp "$deb" "$root/deb/"
  older "$deb"
done

step "install what the packages depend on, and PostgreSQL for the demo"
apt update
depends=$(for deb in "$root"/deb/*.deb; do dpkg-deb -f "$deb" Depends; done | tr ',' '\n' | sed -E 's/^ *([^ |]+).*/\1/' | grep -v '^gantry$' | sort -u)
mkdir -p "$root/etc/postgresql-common/createcluster.d"
echo 'create_main_cluster = false' >"$root/etc/postgresql-common/createcluster.d/test.conf"
# shellcheck disable=SC2086
apt install $depends postgresql
boot || echo "-- systemd can't be process 1 of a root on this machine: no messages, no unit"
files >"$root/tmp/before"

step "install the version before"
apt install $(in_root deb/before)
step "the documentation is the host's"
zgrep -q '^# Gantry' "$root"/usr/share/doc/gantry/README.md*
zgrep -q '^# The shipped configuration' "$root"/usr/share/doc/gantry/conf/README.md*
step "the user and its folders are there"
[ "$(inside stat -c %U:%G:%a /var/lib/gantry)" = gantry:gantry:750 ]
step "gantry check passes as installed"
inside gantry check >/dev/null
step "gantry enable puts every shipped route into the configuration"
for route in order-saver alert payment coupon-issuer; do inside gantry enable "$route" >/dev/null; done
[ "$(inside gantry check | grep -c '^route ')" = 5 ]
step "gantry demo ends well and leaves nothing"
files >"$root/tmp/before-demo"
inside gantry demo >"$root/tmp/demo" 2>&1 || { cat "$root/tmp/demo"; exit 1; }
files | diff "$root/tmp/before-demo" -
[ -z "$(inside find /tmp /run /var/tmp /dev/shm -newer /deb -name '*gantry*' -not -path /run/gantry)" ]
[ -z "$booted" ] || fails inside sh -c 'cat /proc/[0-9]*/comm 2>/dev/null | grep -E "^(gantry|postgres)"'

change() { apt install --allow-downgrades "$@"; }
if [ -n "$booted" ]; then
  need_services
  connect_host
  step "the unit runs the host in its sandbox"
  start_host
  step "a payment goes through all of it"
  pay_an_order
  step "a reload by systemctl takes a route out"
  reload_host
  step "orders flow"
  send_orders
  change() { change_host "$@"; }
fi
echo '# mine' >>"$root/etc/gantry/routes.d/payment.toml"
sed -i 's/^memory_mb = .*/memory_mb = 200/' "$root/etc/gantry/gantry.toml"
step "an upgrade keeps changed files and asks for nothing"
change $(in_root deb)
grep -q '^# mine' "$root/etc/gantry/routes.d/payment.toml"
grep -q '^memory_mb = 200' "$root/etc/gantry/gantry.toml"
inside gantry check >/dev/null
step "a downgrade, too"
change $(in_root deb/before)
inside gantry check >/dev/null
if [ -n "$booted" ]; then
  step "nothing was lost and nothing came twice"
  end_orders
  step "a host that hangs is restarted, one that is configured wrongly is not"
  break_host
fi
step "removal stops the host and leaves the configuration"
apt remove gantry-plugins gantry
[ ! -e "$root/usr/bin/gantry" ] && [ -e "$root/etc/gantry/routes.d/payment.toml" ]
[ -z "$booted" ] || [ "$(host ActiveState)" = inactive ]
step "purge leaves nothing"
# The test's own; the credential store came with newer systemds.
rm -rf "$root"/etc/credstore/* "$root/etc/gantry/ca.pem" "$root/etc/systemd/system/gantry.service.d"
grep -qx ./etc/credstore "$root/tmp/before" || rm -rf "$root/etc/credstore"
apt purge gantry-plugins gantry
files >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after"
echo "ok: $release"
