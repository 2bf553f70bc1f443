#!/usr/bin/env bash
# packaging/rpm/static_libraries.sh FOLDER SOURCES…: compiles these source folders, of prometheus-cpp and libpqxx, to static
# libraries that fit into plugins. FOLDER/lib/pkgconfig goes first in PKG_CONFIG_PATH. Debian's libpqxx.a is not position
# independent, and prometheus-cpp is a shared library there and absent elsewhere.
set -euo pipefail
folder=$(realpath -m "${1:?name a folder}")
shift
launcher=$(command -v ccache || true)
jobs=${JOBS:-$(nproc)}
mkdir -p "$folder/lib/pkgconfig"

# With Debian's options: its compiler chooses C++17 by itself, too. The headers stay those of the package, which is of the
# same version.
libpqxx() {
  mkdir -p "$folder/libpqxx"
  cd "$folder/libpqxx"
  "$1/configure" -q --disable-shared --with-pic --disable-documentation CXX="${launcher:+$launcher }${CXX:-g++}"
  make -s -j "$jobs" -C src
  cp src/.libs/libpqxx.a "$folder/lib/"
  sed "s#^Libs:.*#Libs: -L$folder/lib -lpqxx -lpq#" "$(pkg-config --variable=pcfiledir libpqxx)/libpqxx.pc" \
    >"$folder/lib/pkgconfig/libpqxx.pc"
}

prometheus_cpp() {
  cmake -S "$1" -B "$folder/prometheus-cpp" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX="$folder" \
    -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DENABLE_PULL=OFF \
    -DENABLE_PUSH=OFF -DENABLE_TESTING=OFF ${launcher:+"-DCMAKE_CXX_COMPILER_LAUNCHER=$launcher"}
  cmake --build "$folder/prometheus-cpp" -j "$jobs" --target install
}

for source; do
  case $source in
    *prometheus-cpp*) (prometheus_cpp "$(realpath "$source")") ;;
    *libpqxx*) (libpqxx "$(realpath "$source")") ;;
    *) echo "$source: neither prometheus-cpp nor libpqxx" >&2 && exit 2 ;;
  esac
done
