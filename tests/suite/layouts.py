"""Does a document look as the office's rules say? Every number of doc/layouts.md, read out of the
DOCX: styles, sections, tables and words. Each test is a row of that table, and no row lacks one."""
import json
import os
import re
import shutil
import zipfile
from xml.etree import ElementTree

import tools

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOC = os.path.join(tools.SOURCE, "doc", "layouts.md")
RANGE = ("--unit", "bt.tp", "--from", "2020-04-01", "--to", "2021-02-28")
PARTY, STATE = "dang_36", "nn_30"
LINES = {PARTY: 360, STATE: 240}  # twips: exactly 18 points, single spacing
BODY = """
addressees: ["{{superior}}", Ban Tuyên giáo Trung ương]
figures:
  truc_tiep: { indicator: kt_tcd, where: "chu_the=cap_uy" }
body:
  - { heading: Công tác lãnh đạo }
  - text: "Đã kiểm tra {{kt_tcd}} tổ chức đảng, {{truc_tiep}} do cấp ủy."
  - { heading: Không có gì, if: kl_tcd }
  - { heading: Kết quả }
  - { heading: Kiểm tra, level: 2 }
  - { heading: Giám sát, level: 2 }
  - { heading: Chuyên đề, level: 3 }
  - { heading: Thường xuyên, level: 3 }
  - { slot: Nêu ưu điểm }
  - text: "Báo cáo hết."
annexes:
  - { title: Kiểm tra, columns: [{ figure: kt_tcd, group: Kiểm tra, title: TCĐ },
      { figure: kt_dv, group: Kiểm tra, title: ĐV }, { figure: kl_dv, title: Kỷ luật }] }
  - { title: Giám sát, columns: [{ figure: gscd_tcd }] }
"""


class Paper:
    """What a DOCX says, in the units of Word: half points and twips."""

    made = {}

    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.document = ElementTree.fromstring(archive.read("word/document.xml"))
            self.sheet = ElementTree.fromstring(archive.read("word/styles.xml"))
            self.headers = [ElementTree.fromstring(archive.read(f"word/header{i}.xml"))
                            for i in (1, 2)]
        self.text = "\n".join(line for _, line in self.lines())

    def style(self, name):
        return next(s for s in self.sheet.iter(W + "style") if s.get(W + "styleId") == name)

    def size(self, style):
        """In points."""
        return int(self.style(style).find(f"{W}rPr/{W}sz").get(W + "val")) / 2

    def look(self, style):
        names = {"b": "bold", "i": "italic", "caps": "caps", "u": "underlined"}
        found = self.style(style).find(W + "rPr")
        return {word for tag, word in names.items() if found.find(W + tag) is not None}

    def align(self, style):
        return self.style(style).find(f"{W}pPr/{W}jc").get(W + "val")

    def spacing(self, style, key):
        return self.style(style).find(f"{W}pPr/{W}spacing").get(W + key)

    def indent(self, style, key):
        return int(self.style(style).find(f"{W}pPr/{W}ind").get(W + key))

    def lines(self):
        for paragraph in self.document.iter(W + "p"):
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            yield (style.get(W + "val") if style is not None else "",
                   "".join(t.text or "" for t in paragraph.iter(W + "t")))

    def all_of(self, style):
        return [text for name, text in self.lines() if name == style]

    def one_of(self, style):
        found = self.all_of(style)
        tools.same(len(found), 1, f"paragraphs of {style}")
        return found[0]

    def sections(self):
        return list(self.document.iter(W + "sectPr"))

    def rules(self):
        """The widths of drawn lines: what their column has less the indents."""
        found = []
        for cell in (*self.document.iter(W + "tc"), *self.document.findall(W + "body")):
            width = cell.find(f"{W}tcPr/{W}tcW")
            column = int(width.get(W + "w")) if width is not None else 11906 - 1701 - 850
            for properties in (p.find(W + "pPr") for p in cell.findall(W + "p")):
                if properties is None or properties.find(W + "pBdr") is None:
                    continue
                indent = properties.find(W + "ind")
                if indent is not None and indent.get(W + "left") is not None:
                    found.append((column, column - int(indent.get(W + "left")) -
                                  int(indent.get(W + "right"))))
        return found


def apply(room, layout, body):
    """A report "thu" in one layout."""
    if not room.is_made():
        room.demo()
    pack = room.path(layout)
    shutil.copytree(tools.PACK, pack)
    report = os.path.join(pack, "reports", "ktgs.yaml")
    with open(report, encoding="utf-8") as file:
        text = file.read()
    text = text[:text.index("body:")].replace("[dang_36, dang_05]", layout) + body
    with open(report, "w", encoding="utf-8") as file:
        file.write(text.replace("report: ktgs", "report: thu"))
    room.run("pack", "apply", pack)


def paper(room, layout):
    """A report in one layout, with all that a report can have."""
    if layout not in Paper.made:
        apply(room, layout, BODY)
        room.run("report", "thu", *RANGE, "-o", room.path("x.docx"), "--number", "7", "--date",
                 "2021-03-05")
        Paper.made[layout] = Paper(room.path("x.docx"))
    return Paper.made[layout]


def both(room):
    return paper(room, PARTY), paper(room, STATE)


def test_sheet(room):
    for page in both(room):
        for number, section in enumerate(page.sections()):
            size = section.find(W + "pgSz")
            found = int(size.get(W + "w")), int(size.get(W + "h"))
            tools.same(found, (11906, 16838) if number == 0 else (16838, 11906), "the sheet")


def test_margins(room):
    for page in both(room):
        for section in page.sections():
            margins = section.find(W + "pgMar")
            tools.same([margins.get(W + side) for side in ("top", "bottom", "left", "right")],
                       ["1134", "1134", "1701", "850"], "20, 20, 30 and 15 mm")


def test_font(room):
    for page in both(room):
        fonts = {value for fonts in page.sheet.iter(W + "rFonts") for value in fonts.attrib.values()}
        tools.same(fonts, {"Times New Roman"}, "fonts")


def test_page_number(room):
    for page, size in zip(both(room), (14, 13)):
        tools.same((page.size("Header"), page.align("Header")), (size, "center"), "its look")
        fields = [len(list(header.iter(W + "fldSimple"))) for header in page.headers]
        tools.same(fields, [1, 0], "a number on all pages but the first")
        first = page.sections()[0]
        tools.holds(first.find(W + "titlePg") is not None, "the first page has its own header")
        tools.same(first.find(W + "pgMar").get(W + "header"), "567", "10 mm from the edge")


def test_annex_page_numbers(room):
    party, state = both(room)
    for page, start in ((party, None), (state, "1")):
        for section in page.sections()[1:]:
            number = section.find(W + "pgNumType")
            found = number.get(W + "start") if number is not None else None
            tools.same(found, start, "where an annex begins to count")


def test_motto(room):
    party, state = both(room)
    tools.same(party.one_of("Motto"), "ĐẢNG CỘNG SẢN VIỆT NAM", "the Party's")
    tools.same(party.all_of("Submotto"), [], "no second line")
    tools.same(state.one_of("Motto"), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "the state's")
    tools.same(state.one_of("Submotto"), "Độc lập - Tự do - Hạnh phúc", "the second line")
    tools.same([party.size("Motto"), state.size("Motto"), state.size("Submotto")], [15, 12, 13],
               "sizes")
    tools.same(party.look("Motto"), {"bold", "caps"}, "the Party's")
    tools.same(state.look("Submotto"), {"bold"}, "the second line is not in capitals")


def test_motto_rule(room):
    """As wide as the text: 13,777 thousandths of 15 points, and about 12,240 of 13 points."""
    party, state = both(room)
    tools.holds(4100 < party.rules()[0][1] < 4170, f"the Party's: {party.rules()}")
    widths = [width for column, width in state.rules() if column > 5000]
    tools.holds(3050 < widths[0] < 3320, f"the state's: {state.rules()}")


def test_superior(room):
    for page, size in zip(both(room), (14, 12)):
        tools.same(page.one_of("Superior"), "ĐẢNG BỘ TỈNH BẾN TRE", "the line")
        tools.same((page.size("Superior"), page.look("Superior") - {"caps"}), (size, set()), "look")


def test_issuer(room):
    for page, size in zip(both(room), (14, 12)):
        tools.same(page.one_of("Issuer"), "THÀNH ỦY BẾN TRE", "the line")
        tools.same((page.size("Issuer"), page.look("Issuer") - {"caps"}), (size, {"bold"}), "look")


def test_issuer_mark(room):
    party, state = both(room)
    tools.same(party.one_of("IssuerRule"), "*", "the Party's star")
    tools.same(len(party.rules()), 1, "no line in it but the motto's")
    tools.same(state.all_of("IssuerRule"), [], "the state has none")
    column, width = state.rules()[0]
    text = 16 * 12 * 20 * 0.68  # sixteen capitals of 12 points, about
    tools.holds(column < 4000 and text / 3.2 < width < text / 1.9, f"a third to a half: {width}")


def test_number(room):
    party, state = both(room)
    tools.same(party.one_of("Number"), "Số 7-BC/TU", "no colon, a hyphen")
    tools.same(state.one_of("Number"), "Số: 07/BC-TU", "a colon, a slash, 0 before 7")
    tools.same([page.size("Number") for page in (party, state)], [14, 13], "sizes")
    tools.same(party.look("Number"), set(), "upright")


def test_place_and_date(room):
    for page, size in zip(both(room), (14, 13)):
        tools.same(page.one_of("PlaceDate"), "Bến Tre, ngày 05 tháng 3 năm 2021", "the words")
        tools.same((page.size("PlaceDate"), page.look("PlaceDate")), (size, {"italic"}), "look")
        head = next(page.document.iter(W + "tbl"))
        rows = [[cell.findall(f"{W}p/{W}pPr/{W}pStyle") for cell in row.iter(W + "tc")]
                for row in head.iter(W + "tr")]
        last = [style.get(W + "val") for cell in rows[-1] for style in cell]
        tools.same(last, ["Number", "PlaceDate"], "on one line with the number")


def test_type_name(room):
    for page, size in zip(both(room), (16, 14)):
        tools.same(page.one_of("TypeName"), "BÁO CÁO", "the words")
        tools.same((page.size("TypeName"), page.look("TypeName"), page.align("TypeName")),
                   (size, {"bold", "caps"}, "center"), "look")


def test_subject(room):
    party, state = both(room)
    tools.holds(party.one_of("Subject").startswith("kết quả"), "the Party's begins small")
    tools.holds(state.one_of("Subject").startswith("Kết quả"), "the state's with a capital")
    for page, size in ((party, 15), (state, 14)):
        tools.same((page.size("Subject"), page.look("Subject"), page.align("Subject")),
                   (size, {"bold"}, "center"), "look")


def test_subject_rule(room):
    party, state = both(room)
    tools.same(party.one_of("SubjectRule"), "-----", "the Party's")
    tools.same(state.all_of("SubjectRule"), [], "the state has a line")
    lines = [width / column for column, width in state.rules() if column > 9000]
    tools.holds(len(lines) == 1 and 0.25 < lines[0] < 0.5, f"its width: {state.rules()}")


def test_body(room):
    for page, first in zip(both(room), (567, 720)):
        tools.same((page.size("BodyText"), page.align("BodyText")), (14, "both"), "look")
        tools.same(page.indent("BodyText", "firstLine"), first, "the first line: 10 or 12.7 mm")
        tools.holds(int(page.spacing("BodyText", "before")) >= 120, "6 points between paragraphs")


def test_line_height(room):
    for page, (layout, line) in zip(both(room), LINES.items()):
        rule = "exact" if layout == PARTY else "auto"
        tools.same((page.spacing("BodyText", "line"), page.spacing("BodyText", "lineRule")),
                   (str(line), rule), "height of a line")


def test_headings(room):
    party, state = both(room)
    tools.same(party.all_of("Heading1"), ["I- CÔNG TÁC LÃNH ĐẠO", "II- KẾT QUẢ"], "the Party's")
    tools.same(state.all_of("Heading1"), ["I. CÔNG TÁC LÃNH ĐẠO", "II. KẾT QUẢ"], "the state's")
    for page in (party, state):
        tools.same(page.all_of("Heading2"), ["1. Kiểm tra", "2. Giám sát"], "level 2")
        tools.same(page.all_of("Heading3"), ["a) Chuyên đề", "b) Thường xuyên"], "level 3")
        tools.same([page.look(f"Heading{i}") for i in (1, 2, 3)], [{"bold", "caps"}, {"bold"}, set()],
                   "looks")
        tools.same([page.size(f"Heading{i}") for i in (1, 2, 3)], [14, 14, 14], "sizes")


def test_text_end(room):
    party, state = both(room)
    tools.same(party.all_of("BodyText")[-1], "Báo cáo hết.", "the Party's")
    tools.same(state.all_of("BodyText")[-1], "Báo cáo hết./.", "the state's")


def test_signature(room):
    party, state = both(room)
    tools.same(party.one_of("SignFor"), "T/M BAN THƯỜNG VỤ", "the Party's")
    tools.same(state.one_of("SignFor"), "TM. BAN THƯỜNG VỤ", "the state's")
    for page, size, title in ((party, 14, set()), (state, 13, {"bold"})):
        tools.same(page.look("SignFor"), {"bold", "caps"}, "who is signed for")
        tools.same(page.look("SignTitle") - {"caps"}, title, "the title")
        tools.same(page.look("SignName"), {"bold"}, "the name")
        tools.same([page.size(name) for name in ("SignFor", "SignTitle", "SignName")], [size] * 3,
                   "sizes")


def test_recipients(room):
    party, state = both(room)
    for page, sizes, look in ((party, (14, 12), {"underlined"}),
                              (state, (12, 11), {"bold", "italic"})):
        tools.same(page.one_of("RecipientsLabel"), "Nơi nhận:", "the label")
        tools.same((page.size("RecipientsLabel"), page.size("Recipient")), sizes, "sizes")
        tools.same(page.look("RecipientsLabel"), look, "the label's look")
        tools.holds(page.all_of("Recipient")[-1].startswith("- Lưu"), "the last line")


def test_addressees(room):
    party, state = both(room)
    tools.same(party.all_of("Addressee"), [], "a report of the Party says it under Nơi nhận")
    tools.same(state.all_of("Addressee"), ["Kính gửi: "], "the label")
    tools.same(state.all_of("AddresseeLine"), ["- Tỉnh Bến Tre;", "- Ban Tuyên giáo Trung ương."],
               "a line each")
    tools.same((state.size("Addressee"), state.size("AddresseeLine")), (14, 14), "sizes")
    tools.same((state.look("Addressee"), state.look("AddresseeLine")), (set(), set()), "upright")
    tools.same((state.indent("Addressee", "left"), state.indent("AddresseeLine", "left")),
               (1701, 2948), "under the colon")
    names = [name for name, _ in state.lines()]
    tools.holds(names.index("Subject") < names.index("Addressee") < names.index("BodyText"),
                "between the subject and the text")


def test_one_addressee_stands_beside_the_label(room):
    apply(room, STATE, BODY.replace(", Ban Tuyên giáo Trung ương]", "]"))
    for unit, wanted in (("bt.tp", ["Kính gửi: Tỉnh Bến Tre"]), ("vn", [])):
        path = room.path("one.json")
        room.run("report", "thu", "--unit", unit, *RANGE[2:], "-o", path)
        with open(path, encoding="utf-8") as file:
            told = [line["text"] for line in json.load(file)["addressees"]]
        tools.same(told, wanted, f"to whom {unit} writes")


def test_annex(room):
    party, state = both(room)
    tools.same(party.all_of("AnnexLabel"), ["Phụ lục 1", "Phụ lục 2"], "the Party's")
    tools.same(state.all_of("AnnexLabel"), ["Phụ lục I", "Phụ lục II"], "the state's")
    tools.same(state.all_of("AnnexTitle"), ["KIỂM TRA", "GIÁM SÁT"], "names")
    tools.same(state.all_of("AnnexSubtitle")[0],
               "(Kèm theo Báo cáo số 07/BC-TU, ngày 05 tháng 3 năm 2021)", "of which document")
    tools.same((state.size("AnnexLabel"), state.look("AnnexLabel")), (14, {"bold"}), "label")
    tools.same((state.size("AnnexTitle"), state.look("AnnexTitle")), (13, {"bold", "caps"}), "name")
    tools.holds("italic" in state.look("AnnexSubtitle"), "italic")


def test_counts_below_ten(room):
    for page in both(room):
        sentence = page.all_of("BodyText")[0]
        numbers = re.findall(r"\d+", sentence)
        tools.same(len(numbers), 2, f"numbers in {sentence!r}")
        tools.holds(all(len(number) > 1 or number == "0" for number in numbers), sentence)


def test_empty_slot_is_visible(room):
    for page in both(room):
        found = [p for p in page.document.iter(W + "p") if p.find(W + "sdt") is not None]
        tools.same(len(found), 1, "places to write in")
        tools.holds("".join(t.text for t in found[0].iter(W + "t")).startswith("(Nêu ưu điểm)"),
                    "what to write")
        tools.same([tab.get(W + "leader") for tab in found[0].iter(W + "tabs") for tab in tab],
                   ["dot"], "a dotted line")
        tools.same([len(list(found[0].iter(W + name))) for name in ("sdt", "tab", "br")], [1, 3, 1],
                   "a control, and dots on two lines")


def test_layout_in_force(room):
    room.demo()
    out = room.path("x.docx")
    early = room.run("report", "ktgs", "--unit", "bt.tp", "--from", "2016-01-01", "--to",
                     "2018-04-02", "-o", out, code=1).err
    tools.has(early, "dang_36 từ 03/04/2018 đến 08/01/2026", "dang_05 từ 09/01/2026")
    tools.holds(not os.path.exists(out), "no file")
    for day in ("2018-04-03", "2026-01-08", "2026-01-09"):
        room.run("report", "ktgs", "--unit", "bt.tp", "--from", "2016-01-01", "--to", day, "-o", out)


def test_every_row_has_a_test(room):
    with open(DOC, encoding="utf-8") as file:
        named = set(re.findall(r"\| `(test_\w+)` \|$", file.read(), re.MULTILINE))
    there = {name for name in globals() if name.startswith("test_")} - {"test_every_row_has_a_test"}
    tools.same(named, there, "tests that doc/layouts.md names")


if __name__ == "__main__":
    tools.main(globals())
