#!/usr/bin/env python3
"""Inspection records for the benchmark: plainly simulated, the same for the same arguments.

    generate.py UNITS.tsv RECORDS > ktgs.tsv

Records are spread over the communes of the list, over ten years, over kinds and acting bodies in
uneven shares; every tenth has two rows. Lines come in no order of units, as offices would send
them.
"""
import random
import sys

KINDS = [("kiem_tra_chap_hanh", 30), ("kiem_tra_dhvp", 6), ("kiem_tra_nhiem_vu_ktgs", 8),
         ("kiem_tra_thi_hanh_ky_luat", 3), ("kiem_tra_tai_chinh", 6), ("giam_sat_chuyen_de", 22),
         ("giam_sat_thuong_xuyen", 24), ("kiem_diem_sau", 1)]
BODIES = [("cap_uy", 35), ("ubkt", 40), ("chi_bo", 25)]
LEVELS = [("co_so", 60), ("huyen", 25), ("chi_bo", 15)]


def weighted(rng, table):
    return rng.choices([key for key, _ in table], [weight for _, weight in table])[0]


def main():
    rng = random.Random(5)
    with open(sys.argv[1], encoding="utf-8") as lines:
        units = [line.split("\t")[0] for line in lines if line.split("\t")[2:3] == ["xa"]]
    print("unit", "state", "so_quyet_dinh", "loai", "chu_the", "cap", "noi_dung", "trong_chuong_trinh",
          "ngay_bat_dau", "ngay_ket_luan", "doi_tuong.kieu", "doi_tuong.so_luong",
          "doi_tuong.ket_luan", sep="\t")
    for number in range(int(sys.argv[2])):
        year, month, day = rng.randint(2016, 2025), rng.randint(1, 12), rng.randint(1, 28)
        state = "nhap" if rng.random() < 0.05 else "luu"
        print(rng.choice(units), state, f"{number}-QĐ/UBKT", weighted(rng, KINDS),
              weighted(rng, BODIES), weighted(rng, LEVELS), "Kiểm tra việc chấp hành (mô phỏng)",
              rng.choice(["có", "không"]), "", f"{day:02}/{month:02}/{year}",
              rng.choice(["tcd", "dv"]), rng.choice([1, 1, 1, 2, 3, 5]),
              rng.choice(["tot", "chua_tot", ""]), sep="\t")
        if number % 10 == 0:
            print("\t" * 10 + "dv", rng.randint(1, 4), "tot", sep="\t")


if __name__ == "__main__":
    main()
