#!/usr/bin/env bash
# tests/packages/build_in_root.sh RELEASE FOLDER [--unit]: builds the packages of this tree, changes included, in a root of that
# release, with its compiler and libraries, has its lintian look at them, and puts them into FOLDER. A warning of the compiler
# is an error. With --unit the unit tests are linked with what was packaged, and run there. Needs root. The root is a copy of
# build/roots/RELEASE with Build-Depends in it; it stays, as build/roots/RELEASE.build, with a ccache for the next build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
release=${1:?name a release} folder=${2:?name the folder for the packages} unit=${3:-}
clean=$(tests/packages/root.sh "$release")
root=$PWD/build/roots/$release.build
tree=$root/src/gantry built=/src/gantry/build/package/deb/gantry/build/release

step=start
finish() {
  local status=$?
  umount "$root/proc" 2>/dev/null || true
  [ $status = 0 ] || echo "FAILED: $step" >&2
}
trap finish EXIT
step() { step=$* && echo "-- $*"; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
apt() { inside apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >"$root.log" 2>&1 || { cat "$root.log"; return 1; }; }

if [ ! -e "$root/.copied" ]; then
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  cp -a "$clean/." "$root"
  touch "$root/.copied"
fi
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"

step "the tree, a repository of its own: packaging/build.sh asks git what belongs to it"
rm -rf "$tree"
mkdir -p "$tree"
git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' _ |
  tar -c --null -T - | tar -x --no-same-owner -C "$tree"
git init -q "$tree"

step "what the build needs, as packaging/debian/control names it"
apt update
apt install ccache git lintian
rm -rf "$root/tmp/source"
mkdir "$root/tmp/source"
cp -R packaging/debian "$root/tmp/source/debian"
apt build-dep /tmp/source

step "build"
inside env JOBS="${JOBS:-$(nproc)}" SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" \
  /src/gantry/packaging/build.sh deb >"$root.log" 2>&1 || { tail -n 50 "$root.log"; exit 1; }
! grep -E -A 5 ':[0-9]+:[0-9]+: warning: ' "$root.log" || exit 1

step "lintian"
inside sh -c 'lintian --fail-on error,warning /src/gantry/build/packages/*.changes'
mkdir -p "$folder"
cp "$tree"/build/packages/* "$folder/"
[ "$unit" = --unit ] || exit 0

step "unit tests"
apt install libgtest-dev libgmock-dev libbenchmark-dev python3 fish zsh man-db
inside sh -ec "cd $built && cmake -DGANTRY_TESTS=ON . && ninja -j ${JOBS:-$(nproc)} unit_tests" >"$root.log" 2>&1 ||
  { tail -n 50 "$root.log"; exit 1; }
inside ctest --test-dir "$built" -L '^unit$' -j "${JOBS:-$(nproc)}" --timeout 300 --output-on-failure --no-tests=error
