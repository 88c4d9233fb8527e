"""Do the published figures come out of the demo, recorded or declared as they were published, on the
command line, on the page and as JSON; can each be taken apart into parts that add up to it; and are
the things that the texts tell of found?"""
import csv
import html
import json
import re
import subprocess
import urllib.parse
import urllib.request

import tools

SENTENCE = ["kt_tcd", "kt_dv", "gscd_tcd", "gscd_dv", "gstx_tcd", "gstx_dv"]
RANGE = ("--from", "2016-05-15", "--to", "2019-06-30")
FIELDS = ["indicator", "unit", "from", "to", "basis", "value", "qualifier", "word", "recorded",
          "declared", "declared_outside", "overlap", "n"]


RATIOS = {"qt_tcd_da_trien_khai_pct", "dk_hoan_thanh_pct"}


def seeds():
    with open(tools.shared("data", "seed-figures.tsv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


class Site:
    """A server on the room's database, for as long as the `with` lasts."""

    def __init__(self, room):
        self.process = room.start("serve", "--listen", "127.0.0.1:0")
        first = self.process.stdout.readline().decode()
        found = re.search(r"http://\S+:\d+", first)
        tools.holds(found, f"the server did not start: {first!r}")
        self.home = found[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=tools.TIME_LIMIT)

    def get(self, path, **query):
        address = f"{self.home}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=tools.TIME_LIMIT) as answer:
            return answer.read().decode()


def check_figure(row, found):
    """One figure as JSON, of the command line or of the page, against what was published."""
    what = f"{row['seed']} {row['indicator']} {row['where']}"
    value = json.loads(row["value"])
    is_declared = row["kind"] == "declared"
    wanted = {"indicator": row["indicator"], "unit": row["unit"], "from": row["from"],
              "to": row["to"], "basis": "then", "declared": value if is_declared else None,
              "declared_outside": []}
    if row["indicator"] in RATIOS:  # stands beside the recorded rate, never merged with it
        share = 100 * found["numerator"] / found["denominator"]
        tools.holds(0 < share < value, f"{what}: {share} is recorded beside {value}")
        tools.holds(abs(found["recorded"] - share) <= 0.05, f"{what}: {found['recorded']}")
        wanted.update(value=found["recorded"], overlap=True)
    else:
        wanted.update(value=value, qualifier=row["qualifier"], word=row["word"],
                      recorded=0 if is_declared else value, overlap=False)
        tools.same(found["n"] == 0, is_declared, f"{what}: n is {found['n']}")
    tools.same({key: found[key] for key in wanted}, wanted, what)


def shown(value):
    """1.400 and 98,8, as pages show them."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def check_page(row, found, page):
    """What the page says in its own words."""
    text = " ".join(re.sub(r"<[^>]*>", " ", html.unescape(page)).split())
    what = f"the page of {row['indicator']} {row['where']}"
    if row["indicator"] in RATIOS:
        tools.has(text, f"Theo hồ sơ {shown(found['recorded'])}%",
                  f"Theo kê khai {shown(found['declared'])}% kê khai")
        return
    big = re.search(r'<p class="value">([^<]*)<', page)
    tools.holds(big, f"{what} has no value")
    tools.same(big[1].strip(), f"{row['word']} {shown(json.loads(row['value']))}".strip(), what)
    declared = f"{shown(found['declared'])} kê khai" if row["kind"] == "declared" else "không có"
    tools.has(text, f"Theo kê khai {declared}")


def test_every_seed_figure(room):
    room.demo()
    rows = seeds()
    tools.same(len(rows), 32, "rows of the published figures")
    with Site(room) as site:
        for row in rows:
            where = ["--where", row["where"]] if row["where"] else []
            found, = room.json("figure", row["indicator"], "--unit", row["unit"], "--from",
                               row["from"], "--to", row["to"], *where)
            check_figure(row, found)
            query = {"dv": row["unit"], "tu": row["from"], "den": row["to"]}
            if row["where"]:
                query["dieu_kien"] = row["where"]
            path = f"/cs/{row['indicator']}"
            check_figure(row, json.loads(site.get(path + ".json", **query))["figure"])
            check_page(row, found, site.get(path, **query))


def test_what_is_to_be_explained(room):
    """Eight disciplined against five inspected, and percentages with nothing behind them."""
    room.demo()
    with Site(room) as site:
        page = site.get("/cs/kl_dv", dv="bt.tp", tu="2021-01-01", den="2021-03-31")
        tools.has(page, "Số đảng viên bị kỷ luật lớn hơn số được kiểm tra",
                  ">Đảng viên bị kỷ luật: 8</a>", ">Đảng viên được kiểm tra: 5</a>")
        page = site.get("/cs/dk_hoan_thanh_pct", dv="bt.cl", tu="2016-05-15", den="2021-04-12")
        tools.has(page, "100% chưa có minh chứng")
        tools.holds("tính hai lần" not in page, "a percentage is not added to anything")
        tools.holds("chỉ do kê khai" not in page, "records stand behind the recorded share")
        page = site.get("/cs/qt_tcd_da_trien_khai_pct", dv="bt.cl", tu="2016-05-15", den="2021-04-12")
        tools.has(page, "Huyện Chợ Lách: 91,3% (21/23)", '<td class="n">98,8%</td>')
        page = site.get("/dv/bt.cl", tu="2016-05-15", den="2021-04-12")
        tools.has(page, "98,8% <span", "100% <span", "Sổ chưa có hồ sơ trong khoảng này")
        page = site.get("/cs/kq_san_luong", dv="bt.tp", dieu_kien="don_vi_tinh=la_co")
        tools.has(page, '500 <small>lá cờ</small>')


def test_a_local_leg_is_in_another_shard(room):
    """63 points in the nation, never 84; the leg leads to its conference."""
    room.demo()
    day = ("--from", "2019-08-20", "--to", "2019-08-20")
    for indicator, value in (("hn_diem_cau", 63), ("hn_diem_cau_dia_phuong", 21), ("hn_so", 1)):
        tools.same(room.figure(indicator, "vn", *day[1::2]), value, f"{indicator} of the nation")
    tools.same(room.figure("hn_diem_cau", "kg", *day[1::2]), 0, "points of the province's own")
    tools.same(room.figure("hn_diem_cau", "bt.cl", "2021-04-08", "2021-04-08"), 0,
               "points of a conference in one room")
    (leg, shard, parent, parent_shard), = room.sql(
        "SELECT r.code, r.shard, h.cha, h.cha__shard FROM record r JOIN r_hoi_nghi h "
        "ON h.shard = r.shard AND h.id = r.id WHERE h.cha IS NOT NULL")
    tools.holds(shard != parent_shard, "the leg is stored with its conference")
    with Site(room) as site:
        tools.has(site.get(f"/hs/{leg}"), f'<a href="/hs/{parent}">Hội nghị trực tuyến toàn quốc')


def test_two_directives_are_one_record(room):
    """What is tied to both counts in each of them and once in the total."""
    room.demo()
    words = ("figure", "gscd_tcd", "--unit", "bt.tp", *RANGE)
    both = [room.json(*words, *where)[0]["recorded"]
            for where in ([], ["--where", "directive=chi_thi_05"], ["--where", "directive=nq_tw4"])]
    tools.same(both, [116, 116, 116], "in all, and in each directive")


# What the texts tell of: words of it, the register and the unit where it stands.
OBJECTS = [
    ("Làm theo gương Bác", "mo_hinh", "bt.tp.p1"), ("5+1", "mo_hinh", "bt.tp.ccb"),
    ("nuôi heo đất", "mo_hinh", "bt.tp.p7"), ("tổ hụi tương trợ", "mo_hinh", "bt.tp.p7"),
    ("500 lá cờ", "mo_hinh", "bt.tp.p1"), ("5 không", "nhiem_vu", "bt.tp"),
    ("đô thị loại II", "nhiem_vu", "bt.tp"), ("văn minh đô thị", "nhiem_vu", "bt.tp"),
    ("xây dựng nông thôn mới", "nhiem_vu", "bt.tp"), ("01-NQ/TU", "van_ban", "bt.tp"),
    ("công minh chính trực", "chuan_muc", "bt.cl.vks"),
    ("nói đi đôi với làm theo", "chuan_muc", "bt.cl.vphu"),
    ("gắn lý luận với thực tiễn", "chuan_muc", "bt.cl.kb"), ("đèn led", "ket_qua", "bt.cl.tan_thieng"),
    ("công khai truyền thanh", "nhiem_vu", "bt.cl"), ("trực tuyến toàn quốc", "hoi_nghi", "vn"),
    ("Văn phòng UBND tỉnh", "hoi_nghi", "kg"), ("việc tốt vì dân", "mo_hinh", "kg"),
    ("tội phạm hình sự", "mo_hinh", "kg"), ("Biên phòng chung sức", "mo_hinh", "kg.bdbp"),
    ("Tết Quân - Dân", "mo_hinh", "kg"), ("01-02 ngày giúp dân", "mo_hinh", "kg"),
    ("năm bài học kinh nghiệm", "van_ban", "hn.lb"),
    ("Mặt trận giám sát người đứng đầu", "nhiem_vu", "hn.lb"),
    ("02-NQ/TU", "van_ban", "bt"), ("01-CT/TU", "van_ban", "bt"), ("45-CT/TW", "van_ban", "vn"),
    ("Đồng khởi mới", "nhiem_vu", "bt"), ("hộ cận nghèo Tết Tân Sửu", "nhiem_vu", "bt.tp"),
    ("bầu cử đại biểu Quốc hội", "nhiem_vu", "bt.tp"),
    ("Chủ tịch Hội Người cao tuổi", "hoi_nghi", "bt.tp"),
]


def test_what_the_texts_tell_of_is_found(room):
    room.demo()
    for words, register, unit in OBJECTS:
        found = room.run("search", words).rows()
        tools.holds((register, unit) in [(row["register"], row["unit"]) for row in found],
                    f"“{words}” is not found in {register} of {unit}")
    found = room.run("search", "05-CT/WT")
    tools.has(found.err, "05-CT/TW")
    tools.holds(("van_ban", "vn") in [(row["register"], row["unit"]) for row in found.rows()],
                "a misprinted symbol finds the directive")


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


def test_inspection_is_never_on_a_real_place(room):
    """Inspection and discipline are on bodies that exist in the demo only; every record of the demo
    says somewhere that it is simulated, and its people say so in their names."""
    room.demo()
    bodies = {unit for (unit,) in room.sql(
        "SELECT DISTINCT s.name FROM record r JOIN unit_span s ON s.unit = r.unit "
        "WHERE r.register IN ('ktgs', 'ky_luat', 'chuong_trinh_ktgs')")}
    tools.holds(len(bodies) > 20, f"only {len(bodies)} bodies have records")
    tools.same([name for name in bodies if not re.fullmatch(r"Đảng bộ cơ sở \d\d \(mô phỏng\)", name)],
               [], "bodies that are inspected")
    tools.same(room.sql("SELECT count(*) FROM r_ky_luat WHERE nguoi IS NOT NULL"), [(0,)],
               "people in discipline")
    tools.same(room.sql("SELECT count(*) FROM r_ktgs_doi_tuong WHERE nguoi IS NOT NULL"), [(0,)],
               "people in inspection")
    unmarked = room.sql("SELECT r.register, r.origin FROM record r JOIN history h ON h.shard = r.shard "
                        "AND h.record = r.id WHERE h.body NOT LIKE '%(mô phỏng)%'")
    tools.same(unmarked, [], "records that do not say that they are simulated")


if __name__ == "__main__":
    tools.main(globals())
