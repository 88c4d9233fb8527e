#!/usr/bin/env python3
"""Records for the benchmark, plainly simulated: copies of the demo's, spread over a country and ten years.

    generate.py DEMO.tsv UNITS.tsv DOCUMENT RECORDS > REGISTER.tsv

DEMO.tsv is what `chithi record export` gives of a register. Each copy belongs to a commune of the list,
lies some whole years off, and has a number of its own in its texts; what refers to a document refers to
DOCUMENT, other references are left out, and so are records that name a person. Lines come in no order of units, as offices would send them.
The same arguments give the same lines.
"""
import random
import re
import sys

YEARS = (2016, 2025)
DAY = re.compile(r"(\d{4})(-\d\d-\d\d)")
CODE = re.compile(r"0[0-9a-hjkmnp-tv-z]{11}")
UNIT = re.compile(r"[a-z]{2}(\.[a-z0-9_]+)+")
SIMULATED = "(mô phỏng)"
OWN = ("code", "origin")


def read(path):
    with open(path, encoding="utf-8-sig") as lines:
        rows = [line.rstrip("\r\n").split("\t") for line in lines]
    return rows[0], rows[1:]


def records(header, rows):
    """The rows of each record together: the first has the unit, the others are of its lists."""
    unit = header.index("unit")
    groups = []
    for row in rows:
        if row[unit]:
            groups.append([])
        groups[-1].append(row)
    person = header.index("nguoi") if "nguoi" in header else unit
    return [group for group in groups if person == unit or not group[0][person]]


def shifts(group):
    """By how many years a record can be moved, all of its days staying in the ten years."""
    years = [int(match[1]) for row in group for cell in row for match in [DAY.fullmatch(cell)] if match]
    years = [year for year in years if YEARS[0] <= year <= YEARS[1]] or [YEARS[0]]
    return range(YEARS[0] - min(years), YEARS[1] - max(years) + 1)


class Copier:
    def __init__(self, rng, header, communes, document):
        self.rng, self.header, self.communes, self.document = rng, header, communes, document

    def cell(self, column, text, years, number):
        day = DAY.fullmatch(text)
        if column in OWN:
            return ""
        if column == "nam" and text.isdigit():
            return str(int(text) + years)
        if day:
            return f"{int(day[1]) + years:04}{day[2].replace('-02-29', '-02-28')}"
        if CODE.fullmatch(text):
            return self.document if column.split(".")[-1] in ("van_ban", "cap_tren") else ""
        if UNIT.fullmatch(text) or column == "unit" and text:
            return self.rng.choice(self.communes)
        return text.replace(SIMULATED, f"{number} {SIMULATED}")

    def copy(self, group, number):
        years = self.rng.choice(shifts(group))
        for row in group:
            yield [self.cell(column, text, years, number) for column, text in zip(self.header, row)]


def main():
    demo, units, document, count = sys.argv[1:]
    rng = random.Random(5)
    header, rows = read(demo)
    groups = records(header, rows)
    communes = [row[0] for row in read(units)[1] if row[2] == "xa"]
    copier = Copier(rng, header, communes, document)
    print(*header, sep="\t")
    for number in range(int(count)):
        for row in copier.copy(rng.choice(groups), number):
            print(*row, sep="\t")


if __name__ == "__main__":
    main()
