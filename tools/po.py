#!/usr/bin/python3
"""The texts that pages say, and whether a catalogue has them all.

    tools/po.py                 what po/*.po lacks, has too much, or says with other values
    tools/po.py update en       add what is missing to po/en.po, with an empty msgstr, drop the rest

A text is what html/*.html holds between tags and in attributes that people read, what a call of a
function in CALLS says in src/, what N_ marks there, and each literal with a Vietnamese letter of
the script. A literal with a Vietnamese letter in the code of pages that is none of these is a
fault, unless STAYS names it: it would be Vietnamese on an English page."""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LETTER = re.compile("[À-ÖØ-öø-ɏḀ-ỹ]")
WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ɏḀ-ỹ]")
# Vietnamese without a letter that says so.
PLAIN = re.compile(" (theo|trong|cho|khi|sau|hay|sang) ")

# The functions whose format or text is looked up, and which argument that is.
CALLS = {"tr": 1, "N_": 0, "fault_set": 2, "fault_at": 3, "page_set_title": 1}

# Code that only the command line runs, or that makes documents which are Vietnamese by regulation.
OPERATOR = {
    "base": ["catalogue", "file", "table", "template_parse", "template_render"],
    "store": ["distribute", "ids", "migrate", "postgres_connect", "rows", "rows_text", "sqlite_backup", "sqlite_ship",
              "sqlite_unship", "store"],
    "domain": ["audit_verify", "backup", "batch", "build", "calendar_change", "check", "check_people", "check_search", "convert",
               "copy", "declaration_import", "demo", "demo_accounts", "export", "import", "import_names",
               "import_read", "install", "packs", "person_import", "plan", "report", "report_annex", "report_figure",
               "unit_import", "unit_spans"],
    "web": ["sample", "showcase_page", "web"],
}
FOLDERS = ["base", "store", "domain", "web"]
MORE = ["src/pack/evaluate.c"]

# Literals of pages' code that stay as they are: what people type, what is stored and shown to others, tables that
# other programs read, names.
STAYS = {
    "src/base/date.c": ["ngày %02d tháng %s%d năm %d", "giờ"],
    "src/base/number.c": ["hơn", "trên", "gần", "dưới", "khoảng", "chừng"],
    "src/domain/cut.c": ["Không", "Có", "Tăng", "Giảm"],
    "src/domain/figure_view.c": ["(nhiều đơn vị tính)"],
    "src/domain/form.c": ["có", "không"],
    "src/domain/search.c": ["Chỉ thị %s %s"],
    "src/web/audit_page.c": ["Lúc", "Tên đăng nhập", "Vai trò khi ấy", "Việc", "Mã", "Chi tiết", "Nhật ký"],
    "src/web/figure_parts.c": ["Mã đơn vị", "Đơn vị", "Theo hồ sơ", "Theo kê khai", "Cộng", "%s, từ %s đến %s",
                               "Nguồn: Sổ %s; con số: %s", "Góp bao nhiêu %", "So với kỳ trước",
                               "So với kỳ trước (điểm %)", "So với kỳ trước: chưa có kỳ trước",
                               "Kỳ trước: %s, từ %s đến %s"],
    "src/web/language.c": ["Tiếng Việt"],
    "src/web/record_page.c": ["Hoàn tác: hồ sơ mẫu trên dữ liệu mô phỏng."],
    "src/web/register_page.c": ["Mã hồ sơ", "Đơn vị", "Trạng thái", "Sổ %s",
                                "Chỉ có %d hồ sơ mới nhất; lọc bớt để tải phần còn lại."],
    "src/web/sheets.c": ["Lập lúc %s", "Địa chỉ: %s", "Số dòng: %d", "DỮ LIỆU MÔ PHỎNG"],
    "src/web/submission_page.c": ["Đề nghị gửi báo cáo %s; hạn %s."],
    "src/web/visitor.c": ["Cốc Cốc", "máy Mac", "%s trên %s", "Trình duyệt", "máy khác"],
}


class Texts:
    """Where each text stands, in the order in which they were met."""

    def __init__(self):
        self.places = collections.OrderedDict()
        self.faults = []

    def add(self, text, place):
        self.places.setdefault(text, []).append(place)


# Templates, as src/base/template_translate.c reads them.

TAG = re.compile(r"\{\{\{.*?\}\}\}|\{\{.*?\}\}", re.S)
ATTRIBUTES = (" title=", " aria-label=", " placeholder=", " alt=", " data-confirm=", " data-confirm-yes=")


def mustache(source, at):
    """The end of the tag of Mustache at `at`, and whether it shows a value."""
    end = TAG.match(source, at).end()
    return end, source[at + 2] not in "#^/>!="


def read_texts(source, at, stop, found):
    """Texts up to `stop`; where it stands."""
    start = at
    while at < len(source) and source[at] != stop:
        if source.startswith("{{", at):
            end, is_value = mustache(source, at)
            if not is_value:
                found.append((start, source[start:at]))
                start = end
            at = end
        else:
            at += 1
    found.append((start, source[start:at]))
    return at


def read_tag(source, tag, found):
    at = tag
    while at < len(source) and source[at] != ">":
        if source.startswith("{{", at):
            at = mustache(source, at)[0]
        elif source[at] == '"' and source[tag:at].endswith(ATTRIBUTES):
            at = read_texts(source, at + 1, '"', found) + 1
        elif source[at] == '"':
            at = source.index('"', at + 1) + 1
        else:
            at += 1
    return at + 1


def template_texts(source):
    """(position, text) of each text that has a letter outside its values."""
    source = re.sub(r'<(\w+) [^>]*translate="no"[^>]*>.*?</\1>', lambda m: " " * len(m[0]), source, flags=re.S)
    found, at = [], 0
    while at < len(source):
        at = read_texts(source, at, "<", found)
        if at < len(source):
            at = read_tag(source, at, found)
    for at, text in found:
        text = " ".join(text.split())
        if WORD.search(TAG.sub("", text)):
            yield at, text


# C

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|[A-Za-z_]\w*|\S', re.S)


def unescape(literal):
    return re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), literal[1:-1])


def literals(source):
    """(position, text, is it said to people) of each literal, adjacent ones joined."""
    calls = []        # of each open bracket: [name of what is called, argument that we are in]
    before, joined = "", None
    for match in TOKEN.finditer(source):
        token = match[0]
        if token.startswith(("/*", "//")):
            continue
        if token.startswith('"'):
            if joined is None:
                said = any(CALLS.get(name) == argument for name, argument in calls[-1:]) or any(
                    name in ("tr", "N_") for name, _ in calls)
                joined = [match.start(), "", said]
            joined[1] += unescape(token)
            continue
        if joined is not None:
            yield tuple(joined)
            joined = None
        if token in "([{":
            calls.append([before if token == "(" else "", 0])
        elif token in ")]}":
            if calls:
                calls.pop()
        elif token == "," and calls:
            calls[-1][1] += 1
        before = token


def line_of(source, at):
    return source.count("\n", 0, at) + 1


def sources():
    for folder in FOLDERS:
        for path in sorted((ROOT / "src" / folder).glob("*.c")):
            if path.stem not in OPERATOR.get(folder, []):
                yield path
    for name in MORE:
        yield ROOT / name


def add_code(texts):
    unused = {(name, text) for name, stays in STAYS.items() for text in stays}
    for path in sources():
        source, name = path.read_text(), str(path.relative_to(ROOT))
        for at, text, said in literals(source):
            if said and (WORD.search(re.sub(r"%[-+ #0-9.*$]*[a-z]+", "", text)) or LETTER.search(text)):
                texts.add(text, f"{name}:{line_of(source, at)}")
            elif LETTER.search(text) and text in STAYS.get(name, []):
                unused.discard((name, text))
            elif LETTER.search(text) or PLAIN.search(text):
                texts.faults.append(f"{name}:{line_of(source, at)}: not translated: {text!r}")
    texts.faults += [f"tools/po.py: STAYS: {name} has no {text!r}" for name, text in sorted(unused)]


def add_script(texts):
    name = "assets/app.js"
    source = (ROOT / name).read_text()
    for match in re.finditer(r'"([^"]*)"|`([^`]*)`', source):
        text = match[1] if match[1] is not None else match[2]
        if LETTER.search(text):
            texts.add(text, f"{name}:{line_of(source, match.start())}")


def all_texts():
    texts = Texts()
    for path in sorted((ROOT / "html").glob("*.html")):
        source = path.read_text()
        for at, text in template_texts(source):
            texts.add(text, f"html/{path.name}:{line_of(source, at)}")
    add_code(texts)
    add_script(texts)
    return texts


# Catalogues

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def read_catalogue(path):
    entries, key, at = collections.OrderedDict(), None, None
    for line in path.read_text().splitlines():
        if line.startswith("#") or not line:
            continue
        text = unescape(line[line.index('"'):])
        if line.startswith("msgid "):
            key, at = text, "id"
        elif line.startswith("msgstr "):
            entries[key], at = text, "text"
        elif at == "id":
            key += text
        else:
            entries[key] += text
    return entries


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def write_catalogue(path, header, texts, entries):
    with open(path, "w", encoding="utf-8") as out:
        out.write('msgid ""\nmsgstr ""\n')
        out.writelines(quote(line + "\n") + "\n" for line in header.splitlines())
        for text, places in texts.places.items():
            files = sorted({place.rsplit(":", 1)[0] for place in places})
            out.write(f"\n#: {' '.join(files)}\n")
            if any(name.endswith(".c") for name in files) and "%" in text:
                out.write("#, c-format\n")
            out.write(f"msgid {quote(text)}\nmsgstr {quote(entries.get(text, ''))}\n")


FORMAT = re.compile(r"%(?:(\d+)\$)?([-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|L|z|j|t)?[diouxXeEfFgGaAcCsSpnm%])")
VALUE = re.compile(r"\{\{\{?[^{}]*\}?\}\}|\$\{[^{}]*\}")


def format_values(text):
    """What a format takes, argument by argument."""
    values, place = {}, 0
    for number, kind in FORMAT.findall(text):
        if kind != "%":
            place = int(number) if number else place + 1
            values[place] = kind
    return values


def compare(name, texts, entries):
    for text, places in texts.places.items():
        said = entries.get(text)
        if not said:
            yield f"{name}: {places[0]}: no text for {text!r}"
        elif sorted(VALUE.findall(text)) != sorted(VALUE.findall(said)):
            yield f"{name}: other values in {said!r} than in {text!r}"
        elif any(".c:" in place for place in places) and format_values(text) != format_values(said):
            yield f"{name}: other values in {said!r} than in {text!r}"
        elif any(sign in VALUE.sub("", said) and sign not in text for sign in '"`<') and not all(
                ".c:" in place for place in places):
            yield f"{name}: {said!r} would end the attribute, the tag or the literal in which it stands"
    for text in entries:
        if text and text not in texts.places:
            yield f"{name}: nothing says {text!r}"


def faults():
    texts = all_texts()
    found = list(texts.faults)
    for path in sorted((ROOT / "po").glob("*.po")):
        found += compare(f"po/{path.name}", texts, read_catalogue(path))
    return found


def update(language):
    path = ROOT / "po" / f"{language}.po"
    entries = read_catalogue(path) if path.exists() else {}
    header = entries.pop("", f"Language: {language}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
                             "Content-Transfer-Encoding: 8bit\n")
    write_catalogue(path, header, all_texts(), entries)


if __name__ == "__main__":
    if sys.argv[1:2] == ["update"]:
        update(sys.argv[2])
    else:
        told = faults()
        print("\n".join(told) if told else "complete")
        sys.exit(1 if told else 0)
