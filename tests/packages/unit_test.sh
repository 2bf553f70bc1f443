#!/usr/bin/env bash
# tests/packages/unit_test.sh: gantry.service is a unit as systemd reads it, and its sandbox is as tight as promised.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
unit=$(mktemp -d)
trap 'rm -rf "$unit"' EXIT
# Program and man pages are those of packages that are not installed here.
sed -e 's#/usr/bin/gantry#/usr/bin/true#' -e '/^Documentation=/d' packaging/systemd/gantry.service >"$unit/gantry.service"
said=$(systemd-analyze verify "$unit/gantry.service" 2>&1) || { echo "$said"; exit 1; }
[ -z "$said" ] || { echo "$said"; exit 1; }
# The number counts in tenths: 15 is 1.5.
systemd-analyze security --offline=true --threshold=15 --no-pager "$unit/gantry.service" | tail -n 1
