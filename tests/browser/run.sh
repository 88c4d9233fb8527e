#!/bin/sh
# Runs specs in Debian's Chromium: run.sh SPEC... (all without one). 77, with the reason, where what it needs is missing.
#     tools/install.sh installs chromium, nodejs and npm; npm ci --prefix tests/browser the rest.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for program in node chromium; do
    command -v "$program" >/dev/null || { echo "skipped: no $program on this machine"; exit 77; }
done
[ -d "$here/node_modules/playwright-core" ] || {
    echo "skipped: the packages of tests/browser are not installed (npm ci --prefix tests/browser)"
    exit 77
}
exec node "$here/run.mjs" "$@"
