#!/usr/bin/env bash
# tests/packages/dropin_test.sh [RELEASE FOLDER]: on a system that has nothing but the packages of FOLDER (default:
# build/packages) and Debian's compilers, an author builds plugins in C++, C and Rust, and an administrator drops them into the
# running host, replaces one and takes it out again. Needs root, and a machine that lets systemd be process 1 of a root: ends
# with 77 elsewhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
release=${1:-$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)} folder=$(realpath "${2:-build/packages}")
. tests/packages/clean_root.sh
. tests/packages/services.sh
plugins=/usr/local/lib/gantry/plugins routes=/etc/gantry/routes.d home=/home/author

cleanup() {
  [ "$1" = 0 ] || [ -z "$booted" ] || inside journalctl -u gantry -n 100 --no-pager
  stop_services
}
author() { inside runuser -u author -- sh -ec "cd $home && $1" >"$root.log" 2>&1 || { cat "$root.log"; return 1; }; }
route() { fetch /routes | grep "\"name\":\"$1\""; } >/dev/null
send() { kcat -P -b "$bootstrap" -t "$1" -X acks=all; }
rows() { sql "SELECT count(*) FROM acme_audit_messages WHERE value LIKE '$1'"; }
rows_are() { [ "$(rows "$1")" = "$2" ]; }
settled_are() { fetch /metrics | grep "^gantry_settled_total{route=\"$1\"} $2\$"; } >/dev/null

# route_file NAME LINES…: the route of a plugin's only handler, and its topics.
route_file() {
  local name=$1
  shift
  printf '[[plugin]]\nlibrary = "lib%s.so"\n[[route]]\nname = "%s"\nhandler = "%s"\ntopics = ["%s-topic"]\ndead_letter = { topic = "%s-dlq" }\n' \
    "$name" "$name" "$name" "$name" "$name"
  printf '%s\n' "$@"
  topics "$name"
}
topics() { printf '[[topic]]\nname = "%s"\npartitions = 3\nreplicas = 3\n' "$1-topic" "$1-dlq"; }

step "make a root with gantry, gantry-plugin-dev and compilers"
make_root "$release"
start_services
mkdir "$root/deb"
cp "$folder"/gantry_*.deb "$folder"/gantry-plugins_*.deb "$folder"/gantry-plugin-dev_*.deb "$root/deb/"
apt update
# shellcheck disable=SC2046
apt install $(cd "$root" && printf '/%s ' deb/*.deb) g++ clang rustc make cmake pkg-config libpqxx-dev libgtest-dev
boot || { echo "skipped: systemd can't be process 1 of a root on this machine"; exit 77; }
inside useradd --create-home --groups gantry author

step "the host runs"
need_services
connect_host
inside gantry enable order-saver >/dev/null
inside gantry db apply >/dev/null
inside systemctl start gantry
process=$(inside systemctl show --property MainPID --value gantry)

step "the author writes a plugin and builds it with gcc and with clang"
author "gantry new-plugin acme-audit && cd acme-audit &&
  cmake -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build && ctest --test-dir build --no-tests=error &&
  cmake -B build-clang -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ &&
  cmake --build build-clang --target acme-audit"

step "one library and one route, then reload: it handles messages"
inside cp $home/acme-audit/build/libacme-audit.so $plugins/
{ cat "$root$home/acme-audit/route.toml" && topics acme-audit; } >"$root$routes/acme-audit.toml"
inside gantry check >/dev/null
inside gantry db apply >/dev/null
inside gantry reload | grep '^added .*acme-audit' >/dev/null
seq 100 | send acme-audit-topic
await 60 "the first messages" rows_are % 100

step "a library that is the author's is refused, and the route goes on"
inside chown author $plugins/libacme-audit.so
fails inside gantry reload >"$root.log" 2>&1
grep -q "$plugins/libacme-audit.so belongs to author, not to root\$" "$root.log"
step "unless the configuration says that it may be"
sed -i 's/^owner = "root"/owner = "author"/' "$root/etc/gantry/gantry.toml"
inside gantry reload >/dev/null
seq 100 | send acme-audit-topic
await 60 "messages after a refusal" rows_are % 200

step "the log says who asked"
author 'gantry pause acme-audit && gantry resume acme-audit'
inside journalctl -u gantry -o cat | grep "resume asked for  route=acme-audit uid=$(inside id -u author) " >/dev/null

step "another library under the same name, by clang, then reload: the new code handles"
# It also fails where it is given a message twice.
author "cd acme-audit && sed -i -e 's/std::string(message.value()));/\"second \" + std::string(message.value()));/' \
  -e 's/ON CONFLICT DO NOTHING//' src/acme_audit.cpp &&
  cmake --build build-clang --target acme-audit"
inside cp $home/acme-audit/build-clang/libacme-audit.so $plugins/
inside gantry reload | grep '^changed .*acme-audit' >/dev/null
seq 100 | send acme-audit-topic
await 60 "messages by the new code" rows_are 'second %' 100

step "both taken away, then reload: the route is out, drained"
route acme-audit
seq 20000 | send acme-audit-topic
inside mv $plugins/libacme-audit.so $routes/acme-audit.toml /root/
inside gantry reload | grep '^removed .*acme-audit' >/dev/null
fails route acme-audit
handled=$(rows %)
[ "$handled" -lt 20300 ]
step "and both back: it goes on where it was, with nothing lost and nothing handled twice"
inside mv /root/libacme-audit.so $plugins/
inside mv /root/acme-audit.toml $routes/
[ "$(rows %)" = "$handled" ]
inside gantry reload >/dev/null
await 60 "all messages" rows_are % 20300
inside gantry dlq list --route acme-audit | grep 'no dead letters' >/dev/null

step "in plain C, by pkg-config"
cp tests/abi/plain_c.c tests/abi/rust/*.rs "$root$home/"
author 'cc -shared -fPIC $(pkg-config --cflags gantry-plugin) plain_c.c -o libaudit-in-c.so'
step "in Rust"
author "rustc --edition 2021 --crate-type cdylib -O audit.rs -o libaudit-in-rust.so"
for name in audit-in-c audit-in-rust; do
  inside cp $home/lib$name.so $plugins/
  route_file $name 'retry = { max_attempts = 2, backoff_ms = 10 }' 'settings = { max_bytes = 10 }' >"$root$routes/$name.toml"
done
inside gantry reload >/dev/null
for name in audit-in-c audit-in-rust; do
  printf 'short\nlonger than ten\nshort\n' | send $name-topic
  await 60 "what $name says" settled_are $name 3
  inside gantry dlq show --route $name | grep 'too large' >/dev/null
done
step "a panic in Rust is one failed message"
printf '\xff\n' | send audit-in-rust-topic
await 60 "the failure" settled_are audit-in-rust 4
inside gantry dlq list --route audit-in-rust | grep exhausted >/dev/null
[ "$(inside systemctl show --property MainPID --value gantry)" = "$process" ]

step "a plugin that crashes: its message ends as a dead letter, and every other is handled"
author 'sed "s/(void)count;/if (messages[0]->value.data[0] == 33) abort();/" plain_c.c >crashes.c &&
  cc -shared -fPIC $(pkg-config --cflags gantry-plugin) crashes.c -o libaudit-in-c.so'
inside cp $home/libaudit-in-c.so $plugins/
inside gantry reload >/dev/null
printf '!\nshort\nshort\nshort\n' | send audit-in-c-topic
crashed() { inside gantry dlq list --route audit-in-c 2>&1 | grep ' crashed '; } >/dev/null
await 120 "the dead letter" crashed
nothing_waits() { [ "$(inside gantry lag --route audit-in-c --json | grep -o '"lag":[0-9]*' | sort -u)" = '"lag":0' ]; }
await 60 "the other messages" nothing_waits
[ "$(inside systemctl show --property NRestarts --value gantry)" -ge 3 ]
inside systemctl stop gantry
echo "ok: $release"
