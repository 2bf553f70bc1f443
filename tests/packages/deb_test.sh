#!/usr/bin/env bash
# tests/packages/deb_test.sh: builds the packages for the Debian that this runs on into build/packages, where install_test.sh
# and dropin_test.sh find them, and has lintian look at them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
packages=build/packages
rm -rf "$packages"
packaging/build.sh deb --output "$packages" >build/packages.log 2>&1 || { tail -n 50 build/packages.log; exit 1; }
lintian --fail-on error,warning "$packages"/*.changes
