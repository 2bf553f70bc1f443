#!/usr/bin/env bash
# Builds the packages of this source tree, as it is (what git knows of, changes included), without root:
#   packaging/build.sh deb|rpm [--version VERSION] [--output FOLDER]
#   deb        for the Debian that this runs on (12 or 13), with what packaging/debian/control names installed
#   rpm        for Fedora 37 and EL 10 or newer, on Debian 12 with what packaging/README.md names installed
#   --version  instead of that of CMakeLists.txt
#   --output   where the packages go; otherwise build/packages
# ccache, where it is installed, saves the second build. CI=true makes warnings errors. Nothing is written outside of build/
# and FOLDER.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '2,9s/^# //p' packaging/build.sh >&2 && exit 2; }
kind=${1:-}
case $kind in deb | rpm) shift ;; *) usage ;; esac
version=$(sed -nE 's/^project\(gantry VERSION ([0-9.]+) .*/\1/p' CMakeLists.txt)
output=build/packages
while [ $# -gt 0 ]; do
  case $1 in
    --version) version=${2:?--version needs one} && shift 2 ;;
    --output) output=${2:?--output needs a folder} && shift 2 ;;
    *) usage ;;
  esac
done
mkdir -p "$output"
output=$(realpath "$output")
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
# debhelper gives the build a home of its own, which ends with it.
export CCACHE_DIR=${CCACHE_DIR:-$(ccache -k cache_dir 2>/dev/null || echo "$HOME/.cache/ccache")}

# What was compiled for one kind or version serves the others, and so does what the preset release has compiled: ccache sees the
# same flags, and the same paths, as each compiles in build/release of its sources. Of the locale, which debhelper and rpm
# choose, it takes no notice.
folder=$PWD/build/package/$kind
copy=$folder/gantry
mkdir -p build
exec 9>"build/$kind.lock"
flock 9
rm -rf "$folder"
mkdir -p "$copy"
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$copy} CCACHE_SLOPPINESS=locale
tree() {
  git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' _ |
    tar -c --null -T - --transform 'flags=r;s,^,gantry/,'
}

if [ $kind = rpm ]; then
  tree | gzip >"$folder/gantry.tar.gz"
  exec packaging/rpm/build.sh "$folder/gantry.tar.gz" "$version" "$output"
fi

tree | tar -x -C "$folder"
cp -R packaging/debian "$copy/debian"
for file in packaging/systemd/gantry.*; do cp "$file" "$copy/debian/"; done
{
  printf 'gantry (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n' "$version"
  printf ' -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' packaging/debian/control)" "$(date -uR -d "@$SOURCE_DATE_EPOCH")"
} >"$copy/debian/changelog"
(cd "$copy" && DEB_BUILD_OPTIONS="parallel=${JOBS:-$(nproc)} ${DEB_BUILD_OPTIONS:-}" dpkg-buildpackage -b -us -uc)
mv "$folder"/gantry*.deb "$folder"/gantry*.changes "$folder"/gantry*.buildinfo "$output"
printf '%s\n' "$output"/gantry*_"$version"_*.deb
