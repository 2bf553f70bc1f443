#!/usr/bin/env bash
# tests/packages/rpm_requires.sh RPM…: says what these require that rpm_requires.txt does not justify, and fails then.
set -euo pipefail
allowed=$(dirname "${BASH_SOURCE[0]}")/rpm_requires.txt
status=0

# library SONAME VERSION: whether a line has it with the same name of symbols and no older version.
library() {
  local soname newest
  while read -r soname newest _; do
    [ "$soname" = "$1" ] || continue
    [ -n "$2" ] || return 0
    [ "${2%_*}" = "${newest%_*}" ] && [ "$(printf '%s\n' "$2" "$newest" | sort -V | tail -n 1)" = "$newest" ] && return 0
  done <"$allowed"
  return 1
}

for rpm; do
  version=$(rpm -qp --qf '%{VERSION}-%{RELEASE}' "$rpm")
  while IFS= read -r require; do
    case $require in
      'rpmlib('*) continue ;;  # of rpm itself
      *.so.*'(64bit)' | *.so'(64bit)')
        [[ $require =~ ^([^\(]+)\(([^\)]*)\)\(64bit\)$ ]] && library "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" && continue ;;
      *) grep -qE "^$(printf '%s' "${require/$version/VERSION}" | sed 's/[][().*^$+?{|\\]/\\&/g')  +[^ ]" "$allowed" && continue ;;
    esac
    echo "$(basename "$rpm") requires $require, which rpm_requires.txt does not justify" && status=1
  done < <(rpm -qp --requires "$rpm" | sort -u)
done
exit $status
