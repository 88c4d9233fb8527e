#!/bin/sh
# Pictures for doc/screens/, each below 120 KB: reports as they are on paper, the demo's reviews through LibreOffice
# page by page, in grey and small; and pages in the browser, on a phone and on a desk (tests/browser/screens.mjs).
# Needs LibreOffice, poppler-utils, and what the browser's tests need.
#     tools/screens.sh [CHITHI]
set -eu
cd "$(dirname "$0")/.."
chithi=${1:-build/chithi}
out=doc/screens
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir -p "$out"
"$chithi" demo --db "$room/demo.db" 2>/dev/null

# pages NAME TEMPLATE UNIT FROM TO PAGE...: these pages of a report.
pages() {
    name=$1
    template=$2
    unit=$3
    from=$4
    to=$5
    shift 5
    "$chithi" report "$template" --unit "$unit" --from "$from" --to "$to" -o "$room/$name.docx" \
        --db "$room/demo.db"
    soffice --headless "-env:UserInstallation=file://$room/profile" --convert-to pdf \
        --outdir "$room" "$room/$name.docx" >/dev/null 2>&1
    for page in "$@"; do
        pdftoppm -r 72 -gray -png -singlefile -f "$page" -l "$page" "$room/$name.pdf" \
            "$out/$name-$page"
    done
}

rm -f "$out"/*.png
pages so-ket-ben-tre so_ket_ct05 bt.tp 2016-05-15 2019-06-30 1 3 5
pages so-ket-cho-lach so_ket_ct05 bt.cl 2016-05-15 2021-04-12 1 2 3
CHITHI_BINARY=$chithi node tests/browser/screens.mjs "$out"
ls -l "$out"
