#!/usr/bin/env bash
# How the libraries of this folder were made, once, with the headers of ABI 1.0 on Debian 12 (gcc 12.2, x86-64). They are not
# made again: that what was built then is loaded for ever is what their test is for.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
headers=../../../../plugin-api/include map=../../../../plugin-api/cmake/plugin-exports.map
flags=(-O2 -fPIC -shared -s -fvisibility=hidden -I"$headers" -Wl,--version-script="$map" -Wl,-z,defs)
gcc -std=c11 "${flags[@]}" audit_in_c.c -o libaudit-in-c.so
g++ -std=c++20 -fno-gnu-unique "${flags[@]}" audit.cpp -o libacme-audit.so
