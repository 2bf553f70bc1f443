#!/usr/bin/env bash
# tests/packages/rpm_test.sh: builds the rpms; holds their content to rpmlint and their requirements to rpm_requires.txt;
# installs them with rpm into a clean Debian 12 root that has what is linked shared and lacks what is linked statically;
# runs the demo and a host with messages of a real Kafka there; upgrades, keeps what was changed, and removes. Needs root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. tests/packages/clean_root.sh
packages=build/rpms bed=build/release/testbed
export OWNER=$$ GANTRY_KAFKA_LIBS=${GANTRY_KAFKA_LIBS:-$PWD/build/release/testbed/kafka-libs}

rm -rf "$packages"
step "build"
packaging/build.sh rpm --output "$packages" >build/rpms.log 2>&1 || { tail -n 50 build/rpms.log; exit 1; }
installed=("$packages"/gantry-[0-9]*.x86_64.rpm "$packages"/gantry-plugins-*.x86_64.rpm "$packages"/gantry-plugin-devel-*.x86_64.rpm)
step "rpmlint has no errors to tell of"
rpmlint -c packaging/rpm/rpmlint.toml "$packages"/*.rpm >build/rpmlint.log || { cat build/rpmlint.log; exit 1; }
step "every requirement is justified"
tests/packages/rpm_requires.sh "${installed[@]}"
step "all files are where packages put theirs"
astray=$(rpm -qlp "${installed[@]}" | grep -vE '^/(usr/(bin|include|lib|lib64|share)|etc/gantry)(/|$)' || true)
[ -z "$astray" ] || { echo "$astray"; exit 1; }

database=rpm_$$ host="" server=""
cleanup() {
  [ -z "$host" ] || cat "$root.host"
  rm -f "$root.host"
  [ -z "$host" ] || kill "$host" 2>/dev/null || true
  [ -z "$server" ] || psql -q -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" "$server" >/dev/null 2>&1 || true
  local service
  for service in kafka postgres; do tests/support/$service.sh stop "$bed/$service" || true; done
}
make_root bookworm
step "install what is linked shared"
apt update
apt install libcurl4 libpq5 libsasl2-2 libssl3 libsystemd0 libstdc++6 liblz4-1 libzstd1 zlib1g systemd postgresql
# The name that it has outside of Debian.
ln -s libsasl2.so.2 "$root/usr/lib/x86_64-linux-gnu/libsasl2.so.3"
step "the root lacks what is linked statically"
[ -z "$(find "$root/usr/lib" "$root/usr/local" -name 'librdkafka*' -o -name 'libpqxx*' -o -name 'libspdlog*' -o -name 'libfmt*' -o \
  -name 'libboost_*' -o -name 'libprometheus-cpp*')" ]

# --nodeps: Debian's root has no rpm that would provide a name. What this leaves unchecked are names, and those were
# compared above; that each library is found is checked below.
in_root() { rpm --root "$root" --force-debian --nodeps "$@"; }
step "install with rpm"
in_root -i "${installed[@]}"
step "every library that is needed is there"
linked=$(inside ldd /usr/bin/gantry; for plugin in "$root"/usr/lib64/gantry/plugins/*.so; do inside ldd "${plugin#"$root"}"; done)
[[ $linked != *"not found"* ]] || { echo "$linked"; exit 1; }
step "it runs, as the user that was made"
inside gantry --version | grep -q "$(rpm -qp --qf '%{VERSION}' "${installed[0]}")"
[ "$(inside stat -c %U:%G:%a /var/lib/gantry)" = gantry:gantry:750 ]
inside gantry check >/dev/null
step "gantry enable puts every shipped route into the configuration"
for route in order-saver alert payment coupon-issuer; do inside gantry enable "$route" >/dev/null; done
[ "$(inside gantry check | grep -c '^route ')" = 5 ]
step "gantry demo: all plugins with all their messages"
inside gantry demo >"$root/tmp/demo.log" 2>&1 || { cat "$root/tmp/demo.log"; exit 1; }

step "a message of a real Kafka becomes a row"
for service in kafka postgres; do tests/support/$service.sh start "$bed/$service" >/dev/null; done
bootstrap=$(sed -n 's/^bootstrap=//p' "$bed/kafka/state")
server=postgresql://postgres@127.0.0.1:$(sed -n 's/^port=//p' "$bed/postgres/state")
psql -q -c "CREATE DATABASE $database" "$server"
for route in alert payment coupon-issuer; do inside gantry disable "$route" >/dev/null; done
# The shipped configuration, but for what the brokers of this machine share with other tests.
{ read -r port && read -r http; } < <(set -- ports "$root/tmp/ports" && . tests/support/keeper.sh && free_ports 2)
sed -i -e "s/localhost:9092,localhost:9094,localhost:9096/$bootstrap/" -e "s/127.0.0.1:9464/127.0.0.1:$port/" \
  -e "s/127.0.0.1:8080/127.0.0.1:$http/" \
  -e "s/\"\(trace\|coupon\|DLQ\)-topic\"/\"$database-\1\"/" -e "s/default-group/$database/" \
  "$root/etc/gantry/gantry.toml" "$root/etc/gantry/routes.d/order-saver.toml"
as_gantry=(chroot --userspec=gantry:gantry "$root" env -i PATH=/usr/bin GANTRY_POSTGRES_DSN="$server/$database")
"${as_gantry[@]}" gantry db apply >/dev/null
"${as_gantry[@]}" gantry run >"$root.host" 2>&1 &
host=$!
ready() { curl -fs "http://127.0.0.1:$port/readyz" >/dev/null; }
await 60 "the host" ready
echo '7:{"type":"OrderCreatedEvent","eventId":"rpm-7","orderId":7,"userId":1,"amount":12000,"currency":"KRW","status":"PAID","occurredAt":"2024-05-01T12:00:00+09:00"}' |
  kcat -P -b "$bootstrap" -t "$database-trace" -K :
saved() { [ "$(psql -Atc "SELECT amount FROM saved_orders WHERE order_id = 7" "$server/$database")" = 12000 ]; }
await 60 "the row" saved
kill "$host"
wait "$host"
host=""

step "an upgrade keeps what was changed, and says what is new"
content=$root/tmp/content
mkdir "$content"
for rpm in "${installed[@]}"; do rpm2cpio "$rpm" | (cd "$content" && cpio -id --quiet); done
rm -r "$content/usr/lib/.build-id"
echo '# newer' >>"$content/etc/gantry/gantry.toml"
# The same content with a higher number: proves what scriptlets and %config do, not what newer code does.
awk -v content="$content" '
  /^Release:/ { print "Release: 2"; next }
  /^%debug_package/ { print "%global debug_package %{nil}"; next }
  /^%prep/ { print "%install\ncp -a " content "/. %{buildroot}"; skip = 1 }
  /^%post/ { skip = 0 }
  !skip' build/rpm/SPECS/gantry.spec >"$root/tmp/newer.spec"
rpmbuild -bb --quiet --build-in-place --nodeps --with static --define "_topdir $root/tmp/newer" --define "_rpmdir $root/tmp/newer" \
  --define '_build_id_links none' "$root/tmp/newer.spec" >"$root/tmp/newer.log" 2>&1 || { cat "$root/tmp/newer.log"; exit 1; }
changed=$(sha256sum <"$root/etc/gantry/gantry.toml")
in_root -U "$root"/tmp/newer/x86_64/gantry-*.rpm
[ "$(rpm --root "$root" -q --qf '%{RELEASE} ' gantry gantry-plugins gantry-plugin-devel)" = "2 2 2 " ]
[ "$(sha256sum <"$root/etc/gantry/gantry.toml")" = "$changed" ]
grep -q '^# newer' "$root/etc/gantry/gantry.toml.rpmnew"
inside gantry check >/dev/null

step "removal leaves what was changed and the state, and nothing else"
in_root -e gantry gantry-plugins gantry-plugin-devel
left=$(cd "$root" && find etc usr var -xdev -name '*gantry*' ! -path 'var/lib/gantry/*' | sort | tr '\n' ' ')
[ "$left" = "etc/gantry etc/gantry/gantry.toml.rpmnew etc/gantry/gantry.toml.rpmsave var/lib/gantry " ] || { echo "$left"; exit 1; }
[ -e "$root/etc/gantry/routes.d/order-saver.toml" ]
echo "ok: rpm"
