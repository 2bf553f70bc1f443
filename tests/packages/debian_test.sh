#!/usr/bin/env bash
# tests/packages/debian_test.sh: builds the packages for the Debian that this runs on, has lintian look at them, and installs
# them into a clean root of the same release. Needs root.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
packages=build/packages
rm -rf "$packages"
packaging/build.sh deb --output "$packages" >build/packages.log 2>&1 || { tail -n 50 build/packages.log; exit 1; }
lintian --fail-on error,warning "$packages"/*.changes
tests/packages/install_test.sh "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" "$packages"
