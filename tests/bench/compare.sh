#!/usr/bin/env bash
# Gantry beside its peers on the same work, in turn, several rounds: prints medians, their ratio and whether the goal is met.
#   tests/bench/compare.sh [--quick] [--only WORK]… [--json FILE] [--rounds N] [--scale F] [--no-spring] [--no-build] [--list]
#   --quick      smaller, two rounds: within 5 minutes once everything is built
#   --only WORK  this one (a name's beginning will do); may be said several times; --list names them
#   --json FILE  the table as an array of {work, peer, gantry, other, ratio, goal, met}
#   --rounds N   instead of 5
#   --scale F    of the number of messages: 0.1 is a tenth
#   --no-spring  without the Java peers
#   --no-build   neither installs nor builds; a peer that is not there is left out, and said so
# Installs what is missing (Debian 12, as root or with sudo), builds, starts a Kafka of three brokers and a PostgreSQL of
# its own and stops them again. Figures are this machine's, and this hour's: only the ratios of one run mean something.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/release

prepare() {
  "$root/packaging/install_packages.sh" "$root/packaging/packages.txt" "$root/tests/packages.txt" "$here/packages.txt"
  export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
  (cd "$root" && cmake --preset release -DGANTRY_TESTS=ON -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache >/dev/null)
  cmake --build "$build" --target compare
  "$here/peers/spring/build.sh" "$build/bench/spring" ||
    echo "The Spring peer could not be built; what follows goes without it." >&2
}

case " $* " in
  *' --no-build '* | *' --list '* | *' --help '* | *' -h '*) ;;
  *) prepare >&2 ;;
esac
exec python3 "$here/compare.py" --build "$build" "$@"
