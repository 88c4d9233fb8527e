#!/bin/sh
# A report of 30 children with six tables of eight columns, all of them filled, as DOCX, page and JSON: the
# server's CPU per request. DATABASE is one that bench/run made; it is copied.
#     bench/report.sh DATABASE [REQUESTS]
set -eu
cd "$(dirname "$0")/.."
chithi=build-bench/chithi
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cp "$1" "$room/bench.db"
cp -r packs/chi-thi-05 "$room/pack"
rm -rf "$room/pack/demo"

# The pack's own report with other tables.
sed '/^annexes:/,$d; s/^report: .*/report: bang/' packs/chi-thi-05/reports/so_ket_ct05.yaml \
    >"$room/pack/reports/bang.yaml"
{
    echo "annexes:"
    for kind in chap_hanh dhvp nhiem_vu_ktgs thi_hanh_ky_luat tai_chinh chua_ro; do
        echo "  - title: $kind"
        echo "    columns:"
        for body in cap_uy ubkt chi_bo chua_ro; do
            echo "      - { figure: tcd_${kind}_$body, title: TCĐ, group: $body }"
            echo "      - { figure: dv_${kind}_$body, title: ĐV, group: $body }"
        done
    done
} >>"$room/pack/reports/bang.yaml"
for kind in chap_hanh dhvp nhiem_vu_ktgs thi_hanh_ky_luat tai_chinh chua_ro; do
    for body in cap_uy ubkt chi_bo chua_ro; do
        for subject in tcd dv; do
            echo "  ${subject}_${kind}_$body: { indicator: kt_$subject," \
                "where: \"loai=kiem_tra_$kind,chu_the=$body\" }"
        done
    done
done >"$room/figures"
sed -i "/^figures:/r $room/figures" "$room/pack/reports/bang.yaml"

"$chithi" pack apply "$room/pack" --db "$room/bench.db" >/dev/null 2>&1
range='dv=01&tu=2016-05-15&den=2021-06-29' # Hà Nội: 30 districts, 579 communes
python3 bench/pages.py "$chithi" "$room/bench.db" "${2:-100}" "/bao_cao/bang.docx?$range" \
    "/bao_cao/bang?$range" "/bao_cao/bang.json?$range" "/bao_cao/so_ket_ct05.docx?$range"
