#!/usr/bin/env bash
# Builds the packages of this source tree, as it is (what git knows of, changes included), without root:
#   packaging/build.sh deb [--version VERSION] [--output FOLDER]
#   deb        for the Debian that this runs on (12 or 13), with what packaging/debian/control names installed
#   --version  instead of that of CMakeLists.txt
#   --output   where the packages go; otherwise build/packages
# ccache, where it is installed, saves the second build. Nothing is written outside of build/ and FOLDER.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '2,7s/^# //p' packaging/build.sh >&2 && exit 2; }
kind=${1:-} && [ "$kind" = deb ] || usage
shift
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

# The same path for every version, or ccache would have nothing of the one before.
copy=$PWD/build/deb/gantry
rm -rf build/deb
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard | xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' _ |
  tar -c --null -T - | tar -x -C "$copy"
cp -R packaging/debian "$copy/debian"
for file in packaging/systemd/gantry.*; do cp "$file" "$copy/debian/"; done
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
{
  printf 'gantry (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n' "$version"
  printf ' -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' packaging/debian/control)" "$(date -uR -d "@$SOURCE_DATE_EPOCH")"
} >"$copy/debian/changelog"

# debhelper gives the build a home of its own, which ends with it.
export CCACHE_DIR=${CCACHE_DIR:-$(ccache -k cache_dir 2>/dev/null || echo "$HOME/.cache/ccache")}
(cd "$copy" && DEB_BUILD_OPTIONS="parallel=${JOBS:-$(nproc)} ${DEB_BUILD_OPTIONS:-}" dpkg-buildpackage -b -us -uc)
mv build/deb/gantry*.deb build/deb/gantry*.changes build/deb/gantry*.buildinfo "$output"
printf '%s\n' "$output"/gantry*_"$version"_*.deb
