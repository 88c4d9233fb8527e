"""The report on Bến Tre as DOCX and JSON: is it the same sentence and the same annex, and do other
programs read it?"""
import csv
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse

import tools

sys.path.remove(tools.HERE)  # docx.py, which stands there, bears the library's name
try:
    import docx
except ImportError:
    docx = None

RANGE = ("--unit", "bt.tp", "--from", "2016-05-15", "--to", "2019-06-30")
SENTENCE = {"kt_tcd": "93", "kt_dv": "hơn 1.400", "gscd_tcd": "116", "gscd_dv": "473",
            "gstx_tcd": "171", "gstx_dv": "trên 1.200"}


def make(room, name):
    path = room.path(name)
    room.run("report", "ktgs", *RANGE, "-o", path)
    return path


def as_json(room):
    with open(make(room, "report.json"), encoding="utf-8") as file:
        return json.load(file)


def shown(cell):
    """A cell of the annex as documents show it."""
    if not isinstance(cell["value"], int):
        return cell["value"]
    return f"{cell['word']} {cell['value']:,}".replace(",", ".").strip()


def rows(annex):
    return [[str(row["number"] or ""), row["name"], *(shown(cell) for cell in row["cells"])]
            for row in annex["rows"]]


def test_the_sentence_as_json(room):
    room.demo()
    report = as_json(room)
    runs = [run for block in report["blocks"] for run in block["runs"] if run["figure"]]
    tools.same({run["figure"]: run["shown"] for run in runs if run["figure"] in SENTENCE}, SENTENCE,
               "the figures of the sentence")
    tools.same({run["figure"] for run in runs if run["is_declared"]}, {"kt_dv", "gstx_dv"},
               "figures that are marked as declared")
    text = " ".join(block["text"] or "" for block in report["blocks"])
    tools.has(text, "đã kiểm tra 93 tổ chức đảng và hơn 1.400 đảng viên",
              "giám sát chuyên đề 116 tổ chức đảng và 473 đảng viên",
              "giám sát thường xuyên 171 tổ chức đảng và trên 1.200 đảng viên.")
    tools.has(report["banner"], "MÔ PHỎNG")


def test_the_annex_says_what_figure_says(room):
    room.demo()
    annex, = as_json(room)["annexes"]
    total = annex["rows"][-1]
    tools.holds(total["total"], "the last row is the total")
    tools.same([shown(cell) for cell in total["cells"]][:6], list(SENTENCE.values()), "the total")
    for place, indicator in enumerate(SENTENCE):
        column = [row["cells"][place] for row in annex["rows"][:-1]]
        tools.same(sum(cell["value"] for cell in column if isinstance(cell["value"], int)),
                   total["cells"][place]["value"], f"the column of {indicator}")
        parts = room.json("figure", indicator, *RANGE, "--by", "unit")
        wanted = {part["name"]: part["recorded"] for part in parts
                  if part["recorded"] and not part["own"]}
        found = {row["name"]: row["cells"][place]["value"] for row in annex["rows"][:-1]
                 if row["cells"][place]["value"] in wanted.values()}
        tools.same({name: found.get(name) for name in wanted}, wanted, f"bodies of {indicator}")


def test_the_document_holds_the_same(room):
    if docx is None:
        raise tools.Skip("python3-docx is not installed")
    room.demo()
    report = as_json(room)
    document = docx.Document(make(room, "report.docx"))
    text = [paragraph.text for paragraph in document.paragraphs]
    for block in report["blocks"]:
        tools.holds((block["heading"] or block["text"]) in text, f"no paragraph {block['text']!r}")
    annex, = report["annexes"]
    wanted = [["TT", "Đơn vị", *(column["title"] for column in annex["columns"])], *rows(annex)]
    tables = [[[cell.text for cell in row.cells] for row in table.rows]
              for table in document.tables]
    tools.holds(len(wanted) > 25, f"only {len(wanted)} rows in the annex")
    tools.holds(wanted in tables, f"the annex is in none of {len(tables)} tables")


def test_other_programs_read_the_document(room):
    room.demo()
    path = make(room, "report.docx")
    annex, = as_json(room)["annexes"]
    texts = ["93 tổ chức đảng", "hơn 1.400", "116 tổ chức đảng", "473 đảng viên",
             "171 tổ chức đảng", "trên 1.200", "MÔ PHỎNG", "Tổng cộng"]
    texts += [row["name"] for row in annex["rows"]]
    expect = [word for text in texts for word in ("--expect", text)]
    done = subprocess.run([sys.executable, os.path.join(tools.HERE, "docx.py"), "--selftest",
                           *expect, path], capture_output=True, text=True, check=False,
                          timeout=2 * tools.TIME_LIMIT)
    if done.returncode == 77:
        raise tools.Skip(done.stdout.strip())
    tools.same(done.returncode, 0, f"docx.py:\n{done.stdout}{done.stderr}")


def as_sentence(figure, is_declared):
    """What a sentence prints for a figure, worked out from the figure alone."""
    if "numerator" in figure:
        value = figure["declared" if is_declared else "value"]
        return f"{value:g}%".replace(".", ",")
    text = f"{figure['value']:,}".replace(",", ".")
    if 0 < figure["value"] < 10:
        text = "0" + text
    return f"{figure['word']} {text}".strip()


def ask(room, href):
    """The figure behind a link of a report."""
    address = urllib.parse.urlsplit(href)
    asked = dict(urllib.parse.parse_qsl(address.query))
    where = ("--where", asked["dieu_kien"]) if "dieu_kien" in asked else ()
    found = room.json("figure", address.path.removeprefix("/cs/"), "--unit", asked["dv"], "--from",
                      asked["tu"], "--to", asked["den"], *where)
    return found[0]


def read_back(room, path):
    """The text of a DOCX as LibreOffice has it."""
    if shutil.which("soffice") is None:
        raise tools.Skip("LibreOffice is not installed")
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{room.path('profile')}",
                    "--convert-to", "txt:Text (encoded):UTF8", "--outdir", room.folder, path],
                   capture_output=True, check=True, timeout=tools.TIME_LIMIT)
    with open(os.path.splitext(path)[0] + ".txt", encoding="utf-8-sig") as file:
        return file.read()


def words_of(text):
    """The numbers that stand in a sentence."""
    return re.findall(r"[0-9][0-9.,/]*[0-9]%?|[0-9]%?", text)


def names_of_records(room):
    """What a list of a report may name: the names of models and standards, longest first."""
    names = set()
    for register in ("mo_hinh", "chuan_muc"):
        rows = csv.DictReader(io.StringIO(room.run("record", "export", register).out),
                              delimiter="\t", quoting=csv.QUOTE_NONE)
        names |= {row["ten"].lstrip("'") for row in rows if row["ten"]}
    return sorted(names, key=len, reverse=True)


def check_numbers(room, unit, first, last, least):
    """Every number in the text of the document is that of its figure, and there is no other but
    those that the pack has written there."""
    range_ = ("--unit", unit, "--from", first, "--to", last)
    room.run("report", "so_ket_ct05", *range_, "-o", room.path("x.json"))
    room.run("report", "so_ket_ct05", *range_, "-o", room.path("x.docx"))
    with open(room.path("x.json"), encoding="utf-8") as file:
        report = json.load(file)
    lines = [" ".join(line.split()) for line in read_back(room, room.path("x.docx")).splitlines()]
    with open(os.path.join(tools.PACK, "reports", "so_ket_ct05.yaml"), encoding="utf-8") as file:
        written = set(words_of(file.read()))
    dates = {f"{day[8:]}/{day[5:7].lstrip('0') if day[5:7] > '02' else day[5:7]}/{day[:4]}"
             for day in (first, last)}
    names = names_of_records(room)
    asked = 0
    for block in (block for block in report["blocks"] if block["text"]):
        tools.holds(block["text"] in lines, f"LibreOffice has no {block['text']!r}")
        for run in block["runs"]:
            if run["figure"] is None:
                text = run["text"]
                for name in names:
                    text = text.replace(name, "")
                for (name,) in room.sql("SELECT ten FROM r_mo_hinh"):
                    text = text.replace(name, "")  # “5+1” is a name
                others = set(words_of(text)) - written - dates
                tools.same(others, set(), f"numbers of no figure in {run['text']!r}")
            else:
                tools.same(run["shown"], as_sentence(ask(room, run["href"]), run["is_declared"]),
                           run["href"])
                asked += 1
    tools.holds(asked >= least, f"only {asked} figures in the sentences on {unit}")


def test_every_number_of_the_review_is_its_figure(room):
    room.demo()
    check_numbers(room, "bt.tp", "2016-05-15", "2019-06-30", 8)
    check_numbers(room, "bt.cl", "2016-05-15", "2021-04-12", 3)


def test_a_declared_ratio_stands_beside_the_recorded_one(room):
    room.demo()
    asked = ("--unit", "bt.cl", "--from", "2016-05-15", "--to", "2021-04-12")
    room.run("report", "so_ket_ct05", *asked, "-o", room.path("x.json"))
    with open(room.path("x.json"), encoding="utf-8") as file:
        report = json.load(file)
    done, = (block for block in report["blocks"] if "hoàn thành việc đã đăng ký" in (block["text"] or ""))
    tools.same(done["text"], "Tỷ lệ hoàn thành việc đã đăng ký đạt 100% (theo kê khai; theo hồ sơ "
               "83,3%).", "the sentence")
    tools.same([(run["shown"], run["is_declared"]) for run in done["runs"] if run["figure"]],
               [("100%", True), ("83,3%", False)], "its numbers")
    cells = [cell["value"] for annex in report["annexes"] for cell in annex["rows"][-1]["cells"]]
    tools.holds("100% (kê khai), 83,3% (hồ sơ)" in cells, f"the cell is not among {cells}")
    # Without records nothing stands beside it; a ratio that nobody declared is not marked.
    room.run("declare", "nv_dung_han_pct", "75", "--unit", "bt.cl.mttq", "--from", "2016-05-15",
             "--to", "2021-04-12", "--source", "Báo cáo số 3-BC/ĐU")
    room.run("report", "so_ket_ct05", "--unit", "bt.cl.mttq", *asked[2:], "-o", room.path("y.json"))
    with open(room.path("y.json"), encoding="utf-8") as file:
        tools.has(file.read(), "Trong các việc đến hạn, 75% (theo kê khai) xong đúng hạn.")


def test_every_cell_of_the_review_is_its_figure(room):
    room.demo()
    room.run("report", "so_ket_ct05", *RANGE, "-o", room.path("x.json"))
    with open(room.path("x.json"), encoding="utf-8") as file:
        report = json.load(file)
    annexes = report["annexes"]
    tools.holds(annexes, "no annex")
    tools.same([annex["label"] for annex in annexes],
               [f"Phụ lục {i + 1}" for i in range(len(annexes))], "labels")
    for annex in annexes:
        tools.same(sum(group["span"] for group in annex["groups"]), len(annex["columns"]), "spans")
        for cell in annex["rows"][-1]["cells"]:
            figure = ask(room, cell["href"])
            if "numerator" not in figure and not cell["is_declared"]:
                tools.same(cell["value"], figure["value"], cell["href"])


class Texts(html.parser.HTMLParser):
    """What an HTML file shows, element by element, and what it would fetch."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.shown, self.fetched, self.style = [], [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.style = tag == "style"
        self.fetched += [value for name, value in attributes if name in ("href", "src", "style")]

    def handle_endtag(self, tag):
        self.style = False

    def handle_data(self, data):
        if not self.style and data.strip():
            self.shown.append(" ".join(data.split()))


def test_the_page_stands_alone(room):
    room.demo()
    report = as_json(room)
    with open(make(room, "report.html"), encoding="utf-8") as file:
        text = file.read()
    page = Texts(text)
    tools.same(page.fetched, [], "what the file refers to")
    tools.holds("url(" not in text and "@import" not in text, "the style refers to a file")
    shown = " ".join(page.shown)
    for block in report["blocks"]:
        tools.has(shown, block["heading"] or block["text"])
    annex, = report["annexes"]
    for row in rows(annex):
        tools.has(shown, " ".join(row).strip())
    tools.holds("MÔ PHỎNG" in page.shown[0], f"the title is {page.shown[0]!r}")


def test_the_page_prints_by_the_layout(room):
    if shutil.which("chromium") is None or shutil.which("pdftotext") is None:
        raise tools.Skip("chromium or poppler-utils is not installed")
    room.demo()
    path = make(room, "report.html")
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu",
                    f"--user-data-dir={room.path('profile')}", "--no-pdf-header-footer",
                    f"--print-to-pdf={room.path('report.pdf')}", f"file://{path}"],
                   capture_output=True, check=True, timeout=tools.TIME_LIMIT)
    told = subprocess.run(["pdfinfo", "-f", "1", "-l", "99", room.path("report.pdf")],
                          capture_output=True, text=True, check=True).stdout
    sizes = [tuple(round(float(number)) for number in re.findall(r"[0-9.]+", line)[1:3])
             for line in told.splitlines() if re.match(r"Page +[0-9]+ size", line)]
    tools.same((sizes[0], sizes[-1]), ((595, 842), (842, 595)), "A4, the annex on its side")
    box = subprocess.run(["pdftotext", "-bbox", "-l", "1", room.path("report.pdf"), "-"],
                         capture_output=True, text=True, check=True).stdout
    body = [float(x) for x in re.findall(r'xMin="([0-9.]+)"', box)]
    tools.holds(84 < min(body) < 87, f"the text begins {min(body)} points from the left, not 85")
    pages = subprocess.run(["pdftotext", room.path("report.pdf"), "-"], capture_output=True,
                           text=True, check=True).stdout.split("\f")
    for page in pages[:-1]:
        tools.has(page, "MÔ PHỎNG")


def test_what_cannot_be_reported(room):
    room.demo()
    out = room.path("report.docx")
    tools.has(room.run("report", "khac", *RANGE, "-o", out, code=1).err, "“khac”")
    tools.has(room.run("report", "ktgs", *RANGE, "-o", room.path("report.pdf"), code=1).err,
              ".docx", ".html", ".json")
    tools.has(room.run("report", "ktgs", *RANGE, "-o", room.path("no", "report.docx"), code=1).err,
              "Không ghi được tệp")
    tools.has(room.run("report", "ktgs", "--unit", "nobody", *RANGE[2:], "-o", out, code=1).err,
              "nobody")
    tools.has(room.run("report", "ktgs", *RANGE[:4], "--to", "mai", "-o", out, code=1).err, "“mai”")
    tools.has(room.run("report", "ktgs", *RANGE, code=2).err, "Cách dùng: chithi report")
    tools.same([name for name in os.listdir(room.folder) if name.endswith(("docx", "pdf"))], [],
               "files that were left")


if __name__ == "__main__":
    tools.main(globals())
