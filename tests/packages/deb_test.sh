#!/usr/bin/env bash
# tests/packages/deb_test.sh: builds the packages for the Debian that this runs on into build/packages, where install_test.sh
# and dropin_test.sh find them, and has lintian look at them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
packages=build/packages
rm -rf "$packages"
# Whoever installs them here is served as well by what is packed quickly: debug symbols take most of a minute otherwise.
export DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1
packaging/build.sh deb --output "$packages" >build/packages.log 2>&1 || { tail -n 50 build/packages.log; exit 1; }
lintian --fail-on error,warning "$packages"/*.changes
