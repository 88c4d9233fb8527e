#!/usr/bin/env python3
"""Search over many records with texts: import, then questions to `chithi serve`, one after the other.

    search.py CHITHI UNITS.tsv RECORDS [QUESTIONS [FOLDER]]

The pack is one register of models with a symbol, a name and a paragraph each, its words drawn from the
names of the units in uneven shares. Questions have one to three words of some record, whole or cut off,
with marks or without, everywhere or below a unit; some are symbols, some with a slip. Prints TSV: the
import, and how long questions of each sort take from request to answer.
"""
import http.client
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
import urllib.parse

PACK = {
    "pack.yaml": "pack: bench\nlabel: Bench\ndirective: 05-CT/TW\nroles: { cap_uy: Cấp ủy }\n",
    "mo_hinh.yaml": """register: mo_hinh
label: Mô hình
visibility: noi_bo
counted_on: ngay
fields:
  so: { kind: text, label: Số }
  ten: { kind: text, label: Tên, required: true }
  noi_dung: { kind: long_text, label: Nội dung }
  ngay: { kind: date, label: Ngày, required: true }
states:
  nhap: { label: Nháp, initial: true }
  dung: { label: Đang làm, counts: true }
transitions:
  - { do: dung, label: Làm, from: nhap, to: dung, by: [cap_uy] }
indicators:
  mo_hinh: { label: Số mô hình, count: records }
""",
}
TYPES = ["CT/TU", "KH/UBND", "QĐ/ĐU", "BC/HU", "NQ/HĐND", "CV/BTG"]


def plain(text):
    marks = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in marks if not unicodedata.combining(c)).lower()


def read_units(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines][1:]


def make_records(rng, units, number, file):
    communes = [row[0] for row in units if row[2] == "xa"]
    words = sorted({word.lower() for row in units for word in row[3].split() if word.isalpha()})
    rng.shuffle(words)
    shares = [1 / (rank + 8) for rank in range(len(words))]
    texts = []
    with open(file, "w", encoding="utf-8") as out:
        print("unit", "state", "so", "ten", "noi_dung", "ngay", sep="\t", file=out)
        for _ in range(number):
            symbol = f"{rng.randint(1, 400)}-{rng.choice(TYPES)}"
            name, body = (" ".join(rng.choices(words, shares, k=k)) for k in (6, 20))
            if len(texts) < 20000:
                texts.append((symbol, (name + " " + body).split()))
            print(rng.choice(communes), "dung", symbol, name.capitalize(), body.capitalize() + ".",
                  f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(2016, 2025)}",
                  sep="\t", file=out)
    return texts


def questions(rng, units, texts, number):
    codes = {level: [row[0] for row in units if row[2] == level] for level in ("xa", "huyen", "tinh")}
    for _ in range(number):
        symbol, words = rng.choice(texts)
        some = rng.sample(words, rng.randint(1, 3))
        cut = [word[:rng.randint(1, len(word))] for word in some]
        under = f"&dv={rng.choice(codes[rng.choice(['xa', 'huyen', 'tinh'])])}"
        yield "with marks", " ".join(some), ""
        yield "without marks", plain(" ".join(some)), ""
        yield "beginnings", plain(" ".join(cut)), ""
        yield "one letter", plain(some[0][0]), ""
        yield "below a unit", plain(" ".join(some)), under
        yield "symbol", plain(symbol), ""
        yield "symbol with a slip", symbol[:-2] + symbol[-1] + symbol[-2] + " " + some[0], ""
        yield "not there", plain(" ".join(some)) + " qqq", ""


def ask(client, text, more):
    start = time.monotonic()
    client.request("GET", f"/tim.json?q={urllib.parse.quote(text)}{more}")
    answer = client.getresponse()
    answer.read()
    if answer.status != 200:
        sys.exit(f"{text}: {answer.status}")
    return (time.monotonic() - start) * 1e3


def measure(chithi, database, asked):
    server = subprocess.Popen([chithi, "serve", "--db", database, "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    times = {}
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1].strip().strip("/"))
        client = http.client.HTTPConnection("127.0.0.1", port)
        for sort, text, more in asked:
            times.setdefault(sort, []).append(ask(client, text, more))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)
    print("search, ms", "median", "p99", "most", sep="\t")
    for sort, spent in list(times.items()) + [("all", sum(times.values(), []))]:
        cuts = statistics.quantiles(spent, n=100)
        print(sort, f"{cuts[49]:.2f}", f"{cuts[98]:.2f}", f"{max(spent):.2f}", sep="\t")


def main():
    chithi, list_of_units, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    folder = sys.argv[5] if len(sys.argv) > 5 else tempfile.mkdtemp()
    rng, units = random.Random(5), read_units(list_of_units)
    pack, database = os.path.join(folder, "pack"), os.path.join(folder, "search.db")
    os.makedirs(pack, exist_ok=True)
    for name, text in PACK.items():
        with open(os.path.join(pack, name), "w", encoding="utf-8") as out:
            out.write(text)
    texts = make_records(rng, units, number, os.path.join(folder, "mo_hinh.tsv"))
    for words in (["init", "--pack", pack], ["set", "restricted_content", "full"], ["unit", "import", list_of_units, "--date", "2022-10-01"],
                  ["record", "import", "mo_hinh", os.path.join(folder, "mo_hinh.tsv")]):
        start = time.monotonic()
        subprocess.run([chithi, *words, "--db", database], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    print("import of records with texts", f"{number / (time.monotonic() - start):.0f} a second", sep="\t")
    measure(chithi, database, questions(rng, units, texts, count))


if __name__ == "__main__":
    main()
