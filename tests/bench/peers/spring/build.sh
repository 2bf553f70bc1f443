#!/usr/bin/env bash
# build.sh DIR: builds the Spring peer into DIR, by Maven through its ordinary client. DIR/run.classpath is then its class path.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p "$1"
out=$(cd "$1" && pwd)
mvn -q -B "-Dbench.build=$out" compile dependency:copy-dependencies "-DoutputDirectory=$out/lib"
echo "$out/classes:$out/lib/*" >"$out/run.classpath"
