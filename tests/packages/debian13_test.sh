#!/usr/bin/env bash
# tests/packages/debian13_test.sh: builds the packages in a root of Debian 13, runs the unit tests there, and does with the
# packages what is done with those of this machine. Needs root and, the first time, half an hour.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
packages=build/packages13
rm -rf "$packages"
tests/packages/build_in_root.sh trixie "$packages" --unit
tests/packages/install_test.sh trixie "$packages"
tests/packages/dropin_test.sh trixie "$packages"
