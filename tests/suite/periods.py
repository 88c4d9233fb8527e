"""The calendar on the command line: days off, periods and reviews, bad files refused whole, and
--period in place of --from and --to."""
import tools

TABLES = ["holiday", "period", "review", "meta", "audit"]
DAYS = "day\tname\tnote\n2026-04-30\tNgày Chiến thắng\t\n01/05/2026\tQuốc tế lao động\t\n"
REVIEWS = "key\tdirective\tkind\tdue\tlabel\n"


def refused(room, name, content, wanted, *command):
    """An import that must fail: nothing changes, and these are its faults, by line and column."""
    before = room.dump(*TABLES)
    file = room.write(name, content)
    done = room.run(*command, file, code=1)
    found = done.faults(file)
    tools.same([fault[:2] for fault in found], [fault[:2] for fault in wanted],
               f"lines and columns of the faults of {name}:\n{done.err}")
    for fault, expected in zip(found, wanted):
        tools.has(fault[2], *expected[2:])
    tools.same(room.dump(*TABLES), before, f"the calendar after {name}")


def test_holidays_come_once(room):
    room.init()
    file = room.write("days.tsv", DAYS)
    tools.has(room.run("holiday", "import", file).err, "2 mới, 0 thay đổi, 0 giữ nguyên.")
    before = room.dump(*TABLES)
    tools.has(room.run("holiday", "import", file).err, "0 mới, 0 thay đổi, 2 giữ nguyên.")
    tools.same(room.dump(*TABLES), before, "the calendar after the same file again")
    other = room.write("other.tsv", "name\tday\nNghỉ bù\t30/4/2026\n")
    tools.has(room.run("holiday", "import", other).err, "0 mới, 1 thay đổi, 0 giữ nguyên.")
    tools.same(room.json("holiday", "list"),
               [{"day": "2026-04-30", "name": "Nghỉ bù"},
                {"day": "2026-05-01", "name": "Quốc tế lao động"}], "days off")
    room.run("holiday", "remove", "30/04/2026")
    tools.has(room.run("holiday", "remove", "30/04/2026", code=1).err, "“30/04/2026”")
    tools.same(len(room.json("holiday", "list")), 1, "days off after one is taken out")


def test_all_faults_of_a_list_of_holidays(room):
    room.init()
    room.run("holiday", "import", room.write("days.tsv", DAYS))
    command = ("holiday", "import")
    refused(room, "many.tsv", "day\tname\n2026-09-02\tQuốc khánh\n31/02/2026\tSai\n"
            "02/09/2026\tQuốc khánh nữa\n2026-09-03\t \n\tKhông ngày\n2026-09-04\tA\tB\n"
            "2026-09-05\t" + "a" * 251 + "\n",
            [(3, 1, "“31/02/2026”"), (4, 1, "dòng 2"), (5, 2, "còn trống"),
             (6, 1, "“”"), (7, 3, "3 ô"), (8, 2, "250")], *command)
    refused(room, "columns.tsv", "ngay\tten\n", [(1, 1, "“day”"), (1, 1, "“name”")], *command)
    refused(room, "empty.tsv", "", [(1, 1, "Tệp trống")], *command)
    refused(room, "utf8.tsv", b"day\tname\n2026-09-02\tQu\xe3\n", [(2, 14, "UTF-8")], *command)
    tools.has(room.run("holiday", "import", room.path("none.tsv"), code=1).err, "none.tsv")


def test_all_faults_of_a_list_of_reviews(room):
    room.init()
    command = ("review", "import")
    refused(room, "many.tsv", REVIEWS + "a\t05-CT/TW\tso_ket\t2019-05-15\tSơ kết\n"
            "A b\t06-CT/TW\tso-ket\tmai\t\n"
            "a\tchi_thi_05\ttong_ket\t2026-05-15\tTổng kết\n",
            [(3, 1, "“A b”"), (3, 2, "“06-CT/TW”", "05-CT/TW"), (3, 3, "“so-ket”", "tong_ket"),
             (3, 4, "“mai”"), (3, 5, "còn trống"), (4, 1, "dòng 2")], *command)
    refused(room, "columns.tsv", "key\tdue\n",
            [(1, 1, "“directive”"), (1, 1, "“kind”"), (1, 1, "“label”")], *command)
    file = room.write("good.tsv", REVIEWS + "b\tchi_thi_05\ttong_ket\t2026-05-15\tTổng kết\n"
                      "a\t05-CT/TW\tso_ket\t2019-05-15\tSơ kết\n")
    tools.has(room.run("review", "import", file).err, "2 mới, 0 thay đổi, 0 giữ nguyên.")
    tools.has(room.run("review", "import", file).err, "0 mới, 0 thay đổi, 2 giữ nguyên.")
    tools.same([(row["review"], row["directive"], row["kind"], row["due"])
                for row in room.json("review", "list")],
               [("a", "chi_thi_05", "so_ket", "2019-05-15"),
                ("b", "chi_thi_05", "tong_ket", "2026-05-15")], "reviews")
    room.run("review", "remove", "a")
    tools.same(len(room.json("review", "list")), 1, "reviews after one is taken out")


def test_periods_are_made_and_added(room):
    room.init()
    done = room.run("period", "make", "2026", "--kind", "chot_14", "--due", "3")
    tools.has(done.err, "19 mới", "chưa có ngày nào của năm 2026")
    room.run("period", "add", "giai_doan", "Giai đoạn 2016–2020", "--from", "01/01/2016", "--to",
             "31/12/2020")
    periods = {row["period"]: row for row in room.json("period", "list")}
    tools.same(len(periods), 20, "periods")
    tools.same(periods["chot_14_2026_quy_1"],
               {"period": "chot_14_2026_quy_1", "kind": "chot_14", "from": "2025-12-15",
                "to": "2026-03-14", "due": "2026-03-18", "label": "Quý I năm 2026 (chốt ngày 14)"},
               "the first quarter")
    tools.same((periods["giai_doan"]["kind"], periods["giai_doan"]["due"]), ("rieng", "2021-01-07"),
               "the one that was added")
    room.run("period", "add", "giai_doan", "Giai đoạn 2016–2020", "--from", "01/01/2016", "--to",
             "31/12/2020", "--due", "2021-01-31")
    room.run("period", "remove", "chot_14_2026_quy_1")
    periods = {row["period"]: row["due"] for row in room.json("period", "list")}
    tools.same((len(periods), periods["giai_doan"]), (19, "2021-01-31"), "periods afterwards")


def test_bad_periods_tell_all_at_once(room):
    room.init()
    before = room.dump(*TABLES)
    tools.has(room.run("period", "make", "x", "--kind", "quy", "--due", "61", code=1).err,
              "“x”", "“quy”", "“61”")
    tools.has(room.run("period", "add", "X", " ", "--from", "mai", "--to", "mốt", "--due", "kia",
                       code=1).err, "“X”", "Tên còn trống", "“mai”", "“mốt”", "“kia”")
    tools.has(room.run("period", "add", "x", "X", "--from", "2020-02-02", "--to", "2020-02-01",
                       "--due", "2020-01-31", code=1).err, "02/02/2020", "Hạn 31/01/2020")
    tools.has(room.run("period", "remove", "x", code=1).err, "“x”")
    room.run("period", "make", "2019", code=2)
    room.run("period", "make", "--kind", "lich", code=2)
    room.run("period", "add", "x", "X", "--from", "2020-02-02", code=2)
    tools.same(room.dump(*TABLES), before, "the calendar afterwards")


def test_a_period_stands_for_its_days(room):
    room.demo()
    unit, days = ("--unit", "bt.tp"), ("--from", "2018-12-15", "--to", "2019-03-14")
    period = ("--period", "chot_14_2019_quy_1")
    for command in (["figure"], ["figure", "kt_tcd", "--by", "month"], ["facts", "kt_tcd"]):
        tools.same(room.json(*command, *unit, *period), room.json(*command, *unit, *days),
                   f"{command} by period")
    tools.same(room.json("figure", "kt_tcd", *unit, *period)[0]["recorded"], 7, "the first quarter")
    room.run("declare", "kt_dv", "5", *unit, *period, "--source", "Thử")
    tools.same(room.json("figure", "kt_dv", *unit, *days)[0]["declared"], 5, "what was declared")
    for name, options in (("a.json", period), ("b.json", days)):
        room.run("report", "ktgs", *unit, *options, "-o", room.path(name))
    with open(room.path("a.json"), "rb") as one, open(room.path("b.json"), "rb") as other:
        tools.same(one.read(), other.read(), "the report by period")
    tools.has(room.run("figure", "kt_tcd", *unit, "--period", "nay", code=1).err, "“nay”", "lich_2")
    for command in (["figure", "kt_tcd"], ["facts", "kt_tcd"],
                    ["declare", "kt_dv", "5", "--source", "Thử"],
                    ["report", "ktgs", "-o", room.path("c.json")]):
        tools.has(room.run(*command, *unit, *period, "--to", "2019-03-14", code=1).err, "--period")
    room.run("report", "ktgs", *unit, "--from", "2019-01-01", "-o", room.path("c.json"), code=2)
    room.check()


def test_the_calendar_of_the_demo(room):
    room.demo()
    days = {row["day"] for row in room.json("holiday", "list")}
    for year in range(2016, 2027):
        for fixed in ("01-01", "04-30", "05-01", "09-02"):
            tools.holds(f"{year}-{fixed}" in days, f"{year}-{fixed} is not a day off")
        tools.holds(sum(day.startswith(str(year)) for day in days) >= 10, f"few days off in {year}")
    periods = {row["period"]: row for row in room.json("period", "list")}
    tools.same(len(periods), 7 * 2 * 19, "periods")
    # Friday 30/4 and, for Saturday 1/5, Monday 3/5 are off.
    tools.same(periods["lich_2021_thang_04"]["due"], "2021-05-10", "due after two feasts")
    tools.same([(row["kind"], row["due"][:4]) for row in room.json("review", "list")],
               [("so_ket", "2019"), ("so_ket", "2021"), ("tong_ket", "2026")], "reviews")


if __name__ == "__main__":
    tools.main(globals())
