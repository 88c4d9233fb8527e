#!/usr/bin/env python3
"""The country's units down to the branches, for the benchmark.

    country.py UNITS.tsv [ORGANISATIONS BRANCHES] > COUNTRY.tsv

UNITS.tsv is the real list down to the communes. Below them come 52,000 grassroots organisations and
300,000 branches, about as many as there are, dealt out evenly and plainly simulated by name. The same arguments give the same lines.
"""
import sys

ORGANISATIONS, BRANCHES = 52_000, 300_000


def dealt(parents, count, digits):
    """The parent and the code of each of `count` units: as many for each parent as for any other, give or
    take one."""
    for number in range(count):
        parent = parents[number * len(parents) // count]
        yield parent, f"{parent}.{number:0{digits}}"


def main():
    path = sys.argv[1]
    organisations, branches = map(int, sys.argv[2:]) if len(sys.argv) > 2 else (ORGANISATIONS, BRANCHES)
    with open(path, encoding="utf-8-sig") as lines:
        header, *rows = [line.rstrip("\r\n").split("\t") for line in lines]
    print(*header, "kind", sep="\t")
    for row in rows:
        print(*row, "", sep="\t")
    communes = [row[0] for row in rows if row[2] == "xa"]
    bases = []
    for parent, code in dealt(communes, organisations, 5):
        bases.append(code)
        print(code, parent, "co_so", f"Đảng bộ cơ sở {code} (mô phỏng)", "dang_bo_co_so", sep="\t")
    for parent, code in dealt(bases, branches, 6):
        print(code, parent, "chi_bo", f"Chi bộ {code} (mô phỏng)", "chi_bo", sep="\t")


if __name__ == "__main__":
    main()
