#!/usr/bin/env bash
# From a fresh Debian 12 to a running demo: installs what is missing (as root or with sudo), builds without the tests,
# runs `gantry demo`. A second run is only the demo.
#   packaging/quickstart.sh [ARGUMENT…]   arguments go to gantry demo
# JOBS=1 builds one file at a time, where memory is short.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packaging/install_packages.sh packaging/packages.txt

log=$(mktemp)
trap 'rm -f "$log"' EXIT
cmake --preset release -DGANTRY_TESTS=OFF >"$log" 2>&1 || { cat "$log"; exit 1; }
cmake --build build/release -j "${JOBS:-$(nproc)}"
rm -f "$log"
exec build/release/bin/gantry demo "$@"
