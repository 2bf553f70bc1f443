#!/usr/bin/env bash
# packaging/rpm/build.sh TREE VERSION FOLDER: the rpm packages of TREE, an archive of the sources whose top folder is
# gantry, to FOLDER. A part of packaging/build.sh; it compiles beside TREE, and what else it leaves is in build/rpm.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
tree=$(realpath "${1:?}") version=${2:?} output=$(realpath "${3:?}")
top=$PWD/build/rpm
mkdir -p "$top"/{SOURCES,SPECS,fetched}

# fetch NAME PACKAGE: the source that Debian built the installed PACKAGE from, by apt with lists of its own, so that this
# machine's stay as they are.
fetch() {
  local name=$1 apt=$top/apt release
  release=$(dpkg-query -W -f '${source:Version}' "$2")
  if ! ls "$top/fetched/${name}_${release%-*}".orig.tar.* >/dev/null 2>&1; then
    mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial
    apt-get indextargets --format 'deb-src $(SITE) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
      sort -u >"$apt/sources.list"
    printf '%s\n' "Dir::Etc::sourcelist \"$apt/sources.list\";" 'Dir::Etc::sourceparts "-";' \
      "Dir::State::lists \"$apt/lists\";" "Dir::Cache \"$apt/cache\";" 'APT::Sandbox::User "root";' >"$apt/apt.conf"
    APT_CONFIG=$apt/apt.conf apt-get -q update
    (cd "$top/fetched" && APT_CONFIG=$apt/apt.conf apt-get -q source --download-only "$name=$release")
  fi
  cp "$top/fetched/${name}_${release%-*}".orig.tar.* "$top/SOURCES/$name.orig.tar"
}
fetch prometheus-cpp prometheus-cpp-dev
fetch libpqxx libpqxx-dev

cp "$tree" "$top/SOURCES/gantry.tar.gz"
maintainer=$(sed -n 's/^Maintainer: //p' packaging/debian/control)
{
  sed "s/^Version: .*/Version:        $version/" packaging/rpm/gantry.spec
  printf '\n%%changelog\n* %s %s - %s-1\n- See CHANGELOG.md.\n' \
    "$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" '+%a %b %d %Y')" "$maintainer" "$version"
} >"$top/SPECS/gantry.spec"

# The flags of the deb, which are hardened and name the folder that rpm unpacks to.
compiled=$(dirname "$tree")
flags() { (cd "$compiled/gantry" && DEB_BUILD_MAINT_OPTIONS=hardening=+all dpkg-buildflags --get "$1"); }
CFLAGS="$(flags CFLAGS) $(flags CPPFLAGS)" CXXFLAGS="$(flags CXXFLAGS) $(flags CPPFLAGS)" LDFLAGS=$(flags LDFLAGS)
export CFLAGS CXXFLAGS LDFLAGS
# --nodeps: what it builds with came by apt, which rpm does not know.
RPM_BUILD_NCPUS=${JOBS:-$(nproc)} rpmbuild -ba --nodeps --with static --define "_topdir $top" \
  --define "_builddir $compiled" --define "_rpmdir $output" --define "_srcrpmdir $output" \
  --define "packager $maintainer" --define '_binary_payload w5.zstdio' \
  --define '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm' "$top/SPECS/gantry.spec"
