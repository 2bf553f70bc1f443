#!/usr/bin/env bash
# Everything that must be true of this source tree: installs what is missing (Debian 12, as root or with sudo), builds,
# runs all tests against a real Kafka and a real PostgreSQL of its own, again under sanitizers, and checks the style.
#   tests/run.sh [--only LABEL] [--quick]
#   --only LABEL   unit, abi, integration, e2e or packages: builds and runs these alone, without sanitizers and style;
#                  or packages_debian13, which is no part of the whole
#   --quick        all labels, without sanitizers and style
# CI=true makes warnings errors. Whatever it started is stopped when it ends, whatever the reason.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."
umask go-w

only="" quick=""
while [ $# -gt 0 ]; do
  case $1 in
    --only) only=${2:?--only needs a label} && shift 2 ;;
    --quick) quick=1 && shift ;;
    *) sed -n '2,9s/^# //p' "$0" && exit 2 ;;
  esac
done
case $only in '' | unit | abi | integration | e2e | packages | packages_debian13) ;; *) echo "no label $only" >&2 && exit 2 ;; esac

jobs=${JOBS:-$(nproc)}
# What was compiled in one checkout serves another, and the packages (packaging/build.sh).
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=locale
passed=0 failed=0 broken=() failures=()
log=$(mktemp) said=$(mktemp)
began=$SECONDS

finish() {
  trap - EXIT INT TERM
  [ -z "${running:-}" ] || kill -- "-$running" 2>/dev/null || true
  local service bed
  for service in kafka postgres; do
    for bed in build/{release,asan}/testbed/$service; do
      [ ! -d "$bed" ] || "tests/support/$service.sh" stop "$bed" all || true
    done
  done
  rm -f "$log" "$said"
}
trap finish EXIT
trap 'finish; exit 130' INT TERM

# phase NAME COMMAND…: says what runs and how long it took. In a process group of its own, which finish() can end.
phase() {
  local name=$1 start=$SECONDS status=0
  shift
  printf '\n== %s\n' "$name"
  set -m
  "$@" &
  running=$!
  set +m
  wait "$running" || status=$?
  running=""
  if [ $status = 0 ]; then
    printf '== %s: ok, %d s\n' "$name" $((SECONDS - start))
  else
    printf '== %s: FAILED, %d s\n' "$name" $((SECONDS - start))
    broken+=("$name")
  fi
  return $status
}

# Sanitizers of gcc 12 do not know the address space layouts of newer kernels.
fixed_layout=()
! setarch -R true 2>/dev/null || fixed_layout=(setarch -R)

build() {
  local preset=$1
  shift
  cmake --preset "$preset" -DGANTRY_TESTS=ON -DGANTRY_WERROR="${CI:+ON}" -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache >"$log" || { cat "$log"; return 1; }
  "${fixed_layout[@]}" cmake --build "build/$preset" -j "$jobs" --target "$@"
}

run_ctest() {
  local preset=$1
  shift
  "${fixed_layout[@]}" ctest --test-dir "build/$preset" -j "$jobs" "$@" --timeout 300 --output-on-failure \
    --no-tests=error 2>&1 | tee "$log" | grep -vE '^ +Start +[0-9]+: '
}

# Tests of whole processes spend half of their time waiting: for brokers, sessions, back-offs and downloads.
at_once() { case $1 in unit | abi) echo "$jobs" ;; *) echo $((jobs + 2)) ;; esac; }

# test_phase NAME PRESET WHICH…: counts what ctest says of the tests that its arguments select.
test_phase() {
  local name=$1
  shift
  phase "$name" run_ctest "$@" || true
  local counts
  counts=$(sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests failed out of ([0-9]+)$/\1 \2/p' "$log")
  [ -n "$counts" ] || return 0
  failed=$((failed + ${counts% *}))
  passed=$((passed + ${counts#* } - ${counts% *}))
  local test
  while IFS= read -r test; do failures+=("$name: $test"); done \
    < <(sed -nE 's/^[[:space:]]+[0-9]+ - (.*\((Failed|Timeout|Not Run|SEGFAULT|Subprocess aborted|.*Exception.*)\))$/\1/p' "$log")
  # What a test that failed has said, without its first line, follows its line of the result.
  awk '/^ *[0-9]+\/[0-9]+ Test +#/ { failing = /\*\*\*/; if (failing) { print "\n" $0; lines = 0 }; next }
       failing && lines++ < 60' "$log" >>"$said"
}

sources() { git ls-files -- '*.cpp' '*.hpp' ':!*/abi.h'; }

check_format() { sources | xargs clang-format --dry-run -Werror; }

# The rooms where a mistake is dearest; all of host/ would take longer than the rest of this run.
check_tidy() {
  local status=0
  sources | sed -nE "s#^(host/(config|plugin|route)/.*[.]cpp)\$#^$PWD/\\1\$#p" |
    xargs run-clang-tidy -quiet -p build/release -j "$jobs" >"$log" 2>&1 || status=$?
  grep -E '(error|warning):' "$log" | sort -u || true
  return $status
}

# The last lines are all that some see of a run: they name what failed, and what it said.
summary() {
  cat "$said"
  [ ${#failures[@]} = 0 ] || printf '\nfailed in %s' "${failures[@]}"
  printf '\n%d passed, %d failed' "$passed" "$failed"
  [ ${#broken[@]} = 0 ] || printf '; broken:%s' "$(printf ' %s;' "${broken[@]}")"
  printf ' (%d s)\n' $((SECONDS - began))
  [ $failed = 0 ] && [ ${#broken[@]} = 0 ]
}

# The host loads no plugins from a place where others could change them (README: "Whose libraries are loaded").
check_place() {
  local at=$PWD
  while :; do
    [ -z "$(find "$at" -maxdepth 0 \( -perm /022 -o -not -uid 0 -not -uid "$(id -u)" \))" ] ||
      { echo "$at belongs to another user, or others can write to it (chmod go-w): test a checkout elsewhere"; return 1; }
    [ "$at" != / ] || return 0
    at=$(dirname "$at")
  done
}
phase "place" check_place || { summary; exit 1; }

phase "packages" packaging/install_packages.sh packaging/packages.txt tests/packages.txt || { summary; exit 1; }
if [ -n "$only" ]; then
  phase "build release" build release gantry "${only}_tests" || { summary; exit 1; }
  test_phase "$only tests" release -L "^$only\$" -j "$(at_once "$only")"
  summary
  exit
fi

phase "build release" build release all || { summary; exit 1; }
test_phase "unit and abi tests" release -L '^(unit|abi)$'
# In one go, as some wait while others compute: packages are installed and booted beside the outages of e2e tests.
test_phase "integration, e2e and packages tests" release -L '^(integration|e2e|packages)$' -j "$(at_once e2e)"
if [ -z "$quick" ]; then
  phase "style" check_format || true
  phase "clang-tidy" check_tidy || true
  for preset in asan tsan; do
    phase "build $preset" build $preset unit_tests abi_tests || continue
    test_phase "unit and abi tests under $preset" $preset -L '^(unit|abi)$'
  done
  # The host with its plugins, from a client's request to the last effect of it.
  if phase "build asan for the whole flow" build asan e2e_payments_test e2e_coupons_test; then
    test_phase "the whole flow under asan" asan -L '^e2e$' -R '^(Payments|Coupons)\.' -j "$(at_once e2e)"
  fi
fi
summary
