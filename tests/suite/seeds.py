"""Do the published figures come out of the demo, recorded or declared as they were published, and
can each be taken apart into parts that add up to it?"""
import csv

import tools

PREFIXES = ("kt_", "gscd_", "gstx_", "kds_", "kl_")
SENTENCE = ["kt_tcd", "kt_dv", "gscd_tcd", "gscd_dv", "gstx_tcd", "gstx_dv"]
RANGE = ("--from", "2016-05-15", "--to", "2019-06-30")
FIELDS = ["indicator", "unit", "from", "to", "basis", "value", "qualifier", "word", "recorded",
          "declared", "declared_outside", "overlap", "n"]


def seeds():
    with open(tools.shared("data", "seed-figures.tsv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if row["indicator"].startswith(PREFIXES)]


def test_every_seed_figure(room):
    room.demo()
    rows = seeds()
    tools.holds(len(rows) >= 13, f"only {len(rows)} seed figures were read")
    for row in rows:
        where = ["--where", row["where"]] if row["where"] else []
        found, = room.json("figure", row["indicator"], "--unit", row["unit"], "--from", row["from"],
                           "--to", row["to"], *where)
        value, declared = int(row["value"]), row["kind"] == "declared"
        tools.same({key: found[key] for key in FIELDS if key not in ("n", "declared_outside")},
                   {"indicator": row["indicator"], "unit": row["unit"], "from": row["from"],
                    "to": row["to"], "basis": "then", "value": value,
                    "qualifier": row["qualifier"], "word": row["word"],
                    "recorded": 0 if declared else value,
                    "declared": value if declared else None, "overlap": False},
                   f"{row['seed']} {row['indicator']} {row['where']}")
        tools.holds((found["n"] == 0) == declared, f"{row['indicator']}: n is {found['n']}")
        tools.same(found["declared_outside"], [], f"declared_outside of {row['indicator']}")


def test_the_sentence_of_ben_tre(room):
    room.demo()
    found = room.json("figure", *SENTENCE, "--unit", "bt.tp", *RANGE)
    tools.same([(f["indicator"], f["value"], f["qualifier"], f["word"]) for f in found],
               [("kt_tcd", 93, "exact", ""), ("kt_dv", 1400, "over", "hơn"),
                ("gscd_tcd", 116, "exact", ""), ("gscd_dv", 473, "exact", ""),
                ("gstx_tcd", 171, "exact", ""), ("gstx_dv", 1200, "over", "trên")],
               "the six figures")
    for figure in found:
        tools.same([key for key in FIELDS if key not in figure], [], "fields that are missing")


def add_up(room, indicator, unit):
    words = ["figure", indicator, "--unit", unit, *RANGE]
    whole, = room.json(*words)
    parts = room.json(*words, "--by", "unit")
    tools.holds(parts, f"{unit} has no parts")
    for key in ("recorded", "value", "n"):
        tools.same(sum(part[key] or 0 for part in parts), whole[key],
                   f"{key} of the parts of {indicator} of {unit}")
    months = room.json(*words, "--by", "month")
    tools.same(len(months), 38, "months from 5/2016 to 6/2019")
    tools.same(sum(month["value"] for month in months), whole["recorded"],
               f"{indicator} of {unit} by month")
    return whole, parts


def test_parts_add_up(room):
    room.demo()
    for indicator in SENTENCE:
        values = [add_up(room, indicator, unit)[0]["value"] for unit in ("bt.tp", "bt", "vn")]
        tools.same(len(set(values)), 1, f"{indicator} of the city, the province and the nation")


def test_a_declared_figure_is_not_divided(room):
    room.demo()
    _, parts = add_up(room, "kt_dv", "bt.tp")
    own = [part for part in parts if part["own"]]
    tools.same([(part["value"], part["declared"]) for part in own], [(1400, 1400)],
               "what the city itself states")
    bodies = [part for part in parts if not part["own"]]
    tools.holds(len(bodies) >= 30, f"{len(bodies)} bodies below the city")
    for part in bodies:
        tools.same((part["recorded"], part["declared"], part["unknown"]), (0, None, True),
                   part["unit"])


def test_facts_add_up(room):
    room.demo()
    for indicator in SENTENCE:
        words = [indicator, "--unit", "bt.tp", *RANGE]
        whole, = room.json("figure", *words)
        facts = room.json("facts", *words)
        tools.same(len(facts), whole["n"], f"facts of {indicator}")
        tools.same(sum(fact["value"] for fact in facts), whole["recorded"],
                   f"facts of {indicator} added up")


def test_cuts_add_up(room):
    room.demo()
    words = ["figure", "gscd_dv", "--unit", "vn", *RANGE]
    whole, = room.json(*words)
    for cut in ("chu_the", "cap"):
        rows = room.json(*words, "--by", cut)
        tools.same(sum(row["value"] for row in rows), whole["recorded"], f"gscd_dv by {cut}")
        for row in rows:
            one, = room.json(*words, "--where", f"{cut}={row[cut]}")
            tools.same(one["recorded"], row["value"], f"gscd_dv where {cut}={row[cut]}")


def test_the_demo_is_clean_and_may_be_loaded_twice(room):
    room.run("demo")
    room.check()
    kept = room.dump("unit", "unit_span", "unit_event", "record", "history", "declared", "fact",
                     "batch", "roll", "delta")
    again = room.run("demo")
    tools.has(again.err, "Gói không thay đổi", "MÔ PHỎNG")
    for table, rows in room.dump(*kept).items():
        tools.same(rows, kept[table], f"{table} after loading the demo twice")
    room.check()


def test_inspection_and_discipline_are_of_bodies_that_say_they_are_simulated(room):
    room.demo()
    bodies = {unit for (unit,) in room.sql(
        "SELECT DISTINCT s.name FROM record r JOIN unit_span s ON s.unit = r.unit "
        "WHERE r.register IN ('ktgs', 'ky_luat')")}
    tools.holds(len(bodies) > 20, f"only {len(bodies)} bodies inspect or discipline")
    tools.same([name for name in bodies if "(mô phỏng)" not in name], [], "unmarked bodies")


if __name__ == "__main__":
    tools.main(globals())
