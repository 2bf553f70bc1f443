#!/usr/bin/env bash
# make_page.sh PROGRAM PAGE: prints PAGE, where the line .\" COMMANDS stands with what the program's --help says of each
# subcommand. So the page says of them what the program does.
set -euo pipefail
program=$1 page=$2

# In troff's words: no character that it takes for its own, and hyphens that can be copied.
escaped() { sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/'/\\\\(aq/g" -e 's/^\./\\\&./'; }

section_of_page() {
  awk '
    function entry(line,    term, about, kind, standard) {
      sub(/^  /, "", line)
      about = ""
      if (match(line, /   *[^ ]/)) {
        about = substr(line, RSTART)
        sub(/^ */, "", about)
        line = substr(line, 1, RSTART - 1)
      }
      if (line ~ /^\\-h,/) { skipped = 1; return }   # of every subcommand: said once, in the page
      skipped = 0
      term = line; kind = ""; standard = ""
      if (match(line, / /)) { term = substr(line, 1, RSTART - 1); kind = substr(line, RSTART + 1) }
      if (match(kind, /=/)) { standard = " (default " substr(kind, RSTART + 1) ")"; kind = substr(kind, 1, RSTART - 1) }
      if (sub(/ ?REQUIRED$/, "", kind)) standard = " (required)" standard
      print ".TP"
      print "\\fB" term "\\fR" (kind == "" ? "" : " \\fI" kind "\\fR") standard
      if (about != "") print about
    }
    NR == 1 { about = $0; next }
    /^Usage: / { print ".SS \"" substr($0, 8) "\""; print about "."; next }
    /^(Positionals|Options|Subcommands):$/ { section = $1; next }
    /^$/ { section = ""; next }
    section == "Subcommands:" { next }               # each has its own place in the page
    section != "" && /^   +[^ ]/ { sub(/^ +/, ""); if (!skipped) print; next }
    section != "" { entry($0); next }
    /^Example: / { print ".PP"; print "Example:"; print ".PP"; print ".EX"; print "    " substr($0, 10); print ".EE"; next }
    NR > 2 { print ".PP"; print }
  '
}

# subcommands NAME…: the sections of those below it, each followed by its own.
subcommands() {
  local help names name
  help=$("$program" "$@" --help)
  names=$(sed -nE '/^Subcommands:/,/^$/s/^  ([a-z][a-z-]*).*/\1/p' <<<"$help")
  for name in $names; do
    "$program" "$@" "$name" --help | escaped | section_of_page
    subcommands "$@" "$name"
  done
}

# Lines of the page are never changed: what it says of commands comes between its two halves.
sed '/^\.\\" COMMANDS$/,$d' "$page"
subcommands
sed '1,/^\.\\" COMMANDS$/d' "$page"
