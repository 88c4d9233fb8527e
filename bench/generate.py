#!/usr/bin/env python3
"""Records for the benchmark, plainly simulated: copies of the demo's, spread over a country and some years.

    generate.py DEMO.tsv UNITS.tsv DOCUMENT RECORDS FIRST LAST > REGISTER.tsv

DEMO.tsv is what `chithi record export` gives of a register. Each copy belongs to a unit of the list (of the
lowest level that it has), begins in a year from FIRST to LAST, and has a number of its own in its texts; what
refers to a document refers to DOCUMENT, other references are left out, and so are records that name a person.
Lines come in no order of units, as offices would send them. The same arguments give the same lines.
"""
import random
import re
import sys

LEVELS = ("chi_bo", "xa")
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


def first_year(group, from_year):
    """The year in which a record begins; days long before the years that are asked for do not count."""
    years = [int(match[1]) for row in group for cell in row for match in [DAY.fullmatch(cell)] if match]
    return min((year for year in years if year >= 2016), default=from_year)


class Copier:
    def __init__(self, rng, header, units, document, years):
        self.rng, self.header, self.units, self.document, self.years = rng, header, units, document, years

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
            return self.rng.choice(self.units)
        return text.replace(SIMULATED, f"{number} {SIMULATED}")

    def copy(self, group, number):
        years = self.rng.choice(self.years) - first_year(group, self.years[0])
        for row in group:
            yield [self.cell(column, text, years, number) for column, text in zip(self.header, row)]


def main():
    demo, units, document, count, first, last = sys.argv[1:]
    rng = random.Random(5)
    header, rows = read(demo)
    groups = records(header, rows)
    listed = read(units)[1]
    level = next(level for level in LEVELS if any(row[2] == level for row in listed))
    places = [row[0] for row in listed if row[2] == level]
    copier = Copier(rng, header, places, document, range(int(first), int(last) + 1))
    print(*header, sep="\t")
    for number in range(int(count)):
        for row in copier.copy(rng.choice(groups), number):
            print(*row, sep="\t")


if __name__ == "__main__":
    main()
