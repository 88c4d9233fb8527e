"""Texts that would be markup, scripts, tags of templates or formulas, put into every field of every form: whatever page,
document or table shows them shows them as text. A word of their own, zzq, tells them from what the program writes itself.

CHITHI_STRINGS is how many are tried."""
import csv
import html.parser
import http.client
import io
import itertools
import json
import os
import random
import re
import sys
import urllib.parse
import zipfile

import tools

sys.path.insert(0, os.path.join(tools.SOURCE, "tests", "web"))
import run as web  # pylint: disable=wrong-import-position

COUNT = int(os.environ.get("CHITHI_STRINGS", "500"))
UNIT = "bt.cl.cb01"
MARK = "zzq"
# Without these a record would break a rule of its register.
CHOSEN = {"dang_ky": {"f.chu_the": "tap_the"}, "ket_qua": {"f.nguon": "ngan_sach"}}

# What is put where the text is shown, and what is to end the place where it stands.
ENDS = ["", "\"", "'", "\">", "'>", "\" ", "' ", "`", ">", "-->", "]]>", "</p>", "</td></tr></table>", "</a>", "</title>",
        "</textarea>", "</option></select>", "</style>", "</script>", "</template>", "</dd></dl>", "&quot;&gt;", "&#34;&#62;",
        "%22%3E", "\\\"", "\\u0022\\u003e", "\u02ba\u203a", "\uff02\uff1e"]
MARKUP = ["<zzq>", "<zzq x=1>", "<script>zzq()</script>", "<script src=//zzq.example></script>", "<img src=x onerror=zzq()>",
          "<svg/onload=zzq()>", "<svg><script>zzq()</script></svg>", "<math><mi xlink:href='javascript:zzq()'>",
          "<iframe srcdoc='<script>zzq()</script>'>", "<iframe src=javascript:zzq()>", "<a href='javascript:zzq()'>zzq</a>",
          "<a href=JaVaScRiPt&colon;zzq()>zzq", "<form action=//zzq.example><input name=zzq>", "<input autofocus onfocus=zzq()>",
          "<details open ontoggle=zzq()>", "<video><source onerror=zzq()>", "<body onload=zzq()>", "<base href=//zzq.example>",
          "<meta http-equiv=refresh content='0;url=//zzq.example'>", "<link rel=stylesheet href=//zzq.example>",
          "<style>@import '//zzq.example';</style>", "<object data=//zzq.example>", "<embed src=//zzq.example>",
          "<marquee onstart=zzq()>", "<button formaction=javascript:zzq()>zzq", "<noscript><p title='</noscript><zzq>'>",
          "<!--<zzq>-->", "<![CDATA[<zzq>]]>", "<?zzq ?>", "<!DOCTYPE zzq>", "<zzq/zzq/onclick=zzq()>", "<<zzq>>", "<scr<script>ipt>zzq()"]
ATTRIBUTES = ["onclick=zzq()", "onfocus=zzq() autofocus", "onmouseover='zzq()'", "style=background:url(//zzq.example)", "zzq=1",
              "formaction=//zzq.example", "accesskey=x onclick=zzq()", "id=zzq class=zzq", "data-confirm=zzq", "href=javascript:zzq()"]
ADDRESSES = ["javascript:zzq()", "JAVASCRIPT:zzq()", " javascript:zzq()", "java\tscript:zzq()", "javascript&colon;zzq()",
             "data:text/html,<script>zzq()</script>", "vbscript:zzq()", "//zzq.example", "http://zzq.example", "\\\\zzq.example",
             "../../zzq", "/dang_xuat?zzq", "file:///etc/zzq"]
TEMPLATES = ["{{zzq}}", "{{{page.token}}}zzq", "{{&page.token}}zzq", "{{#data}}zzq{{/data}}", "{{> head}}zzq", "{{=<% %>=}}zzq",
             "{{!zzq}}", "${zzq}", "#{zzq}", "<%= zzq %>", "{% zzq %}", "%s%n%szzq", "$(zzq)", "`zzq`", ":zzq", "'; DROP TABLE zzq; --",
             "\" OR zzq = zzq --", "zzq%", "zzq_", "zzq*", "zzq\" NEAR zzq", "NULL zzq", "\\zzq", "\\u003czzq\\u003e"]
FORMULAS = ["=zzq()", "=1+1;zzq", "+zzq", "-zzq", "@zzq", "=HYPERLINK(\"http://zzq.example\",\"zzq\")", "=cmd|' /C zzq'!A1", "+1-1+zzq",
            "-2+3+cmd|' /C zzq'!A0", "@SUM(zzq)", "\t=zzq()", "\r=zzq()", " =zzq()", "\u200b=zzq()", "\uff1dzzq()", "\"=zzq()", "'=zzq()",
            "=zzq();\"=zzq()\"", "zzq\n=zzq()", "zzq;=zzq()"]
SIGNS = ["zzq\u202ezzq", "\u2066zzq\u2069", "\u200fzzq", "zz\u200bq zzq", "\u200dzzq", "\ufeffzzq", "zzq\u0301\u0301\u0301", "zzq\u00ad", "zzq\x00zzq",
         "zzq\x01", "zzq\x1b[31m", "zzq\x7f", "zzq\x85zzq", "zzq\u2028zzq", "zzq\u2029zzq", "zzq\x0b", "zzq\x0c<zzq>", "zzq\ufffe", "zzq\U000e0041",
         "zzq" + "a" * 240, "zzq" * 80, "zzq" + "\u0323" * 100, "\U0001f468\u200d\U0001f469zzq", "zzq" + "<" * 200, "zzq" + "&" * 200, "&lt;zzq&gt;",
         "&amp;lt;zzq&amp;gt;", "&#60;zzq&#62;", "&#x3c;zzq&#x3e;", "&zzq;", "&zzq", "zzq\r\nSet-Cookie: zzq=1", "zzq\r\n\r\n<zzq>"]
ALONE = MARKUP + ATTRIBUTES + ADDRESSES + TEMPLATES + FORMULAS + SIGNS


def strings(count):
    """Each of them alone, then joined: with what ends a place before, and another one behind."""
    yield from itertools.islice(ALONE, count)
    chance = random.Random(5)
    for _ in range(count - len(ALONE)):
        yield chance.choice(ENDS) + chance.choice(ALONE) + chance.choice(["", " ", "\n"]) + chance.choice([""] + ALONE)


class Form(html.parser.HTMLParser):
    """The fields of the form that is sent to one address: texts, and what the others stand at."""

    def __init__(self, text, action):
        super().__init__()
        self.action, self.inside, self.depth = action, False, 0
        self.texts, self.given, self.choices, self.bad, self.select = {}, {}, {}, set(), None
        self.feed(text)

    def first(self, name):
        """Something that such a choice may be."""
        return next((value for value in self.choices[name] if value), "")

    def handle_starttag(self, tag, attributes):
        one = dict(attributes)
        name, kind = one.get("name"), one.get("type", "text")
        if tag == "form":
            self.inside = one.get("action") == self.action
        if tag == "fieldset" and "bad" in one.get("class", "").split():
            self.bad.add(one.get("id"))
        if tag == "option" and self.inside and self.select:
            self.choices[self.select].append(one.get("value", ""))
            if "selected" in one and one.get("value"):
                self.given[self.select] = one["value"]
        self.select = name if tag == "select" and self.inside else self.select if tag in ("option", "select") else None
        if not self.inside or not name or name.startswith(("dan.", "bo_tep.")):
            return
        name = name.replace(".N.", ".0.")
        if "aria-invalid" in one:
            self.bad.add(name)
        if tag == "select":
            self.select = name
            self.choices.setdefault(name, [])
        elif tag == "textarea" or (tag == "input" and kind in ("text", "search")):
            self.texts.setdefault(name, one)
        elif tag == "input" and kind == "hidden":
            self.given[name] = one.get("value", "")
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.choices.setdefault(name, []).append(one.get("value", ""))
            if "checked" in one and one.get("value"):
                self.given[name] = one["value"]

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


class Visitor:
    """Asks, and looks at everything that is answered."""

    def __init__(self, port):
        self.host, self.asked, self.wrong = f"127.0.0.1:{port}", 0, []

    def ask(self, method, path, form=None):
        body = None if form is None else urllib.parse.urlencode(form).encode()
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {} if body is None else {"Origin": f"http://{self.host}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = web.Answer(method, *(lambda answer: (answer, answer.read()))(connection.getresponse()))
        connection.close()
        self.asked += 1
        self.look(f"{method} {path[:120]}", answer)
        return answer

    def look(self, what, answer):
        if answer.status >= 500:
            self.wrong.append(f"{what}: status {answer.status}")
        try:
            faults = answer.faults(is_demo=False) if answer.body else []
        except (ValueError, UnicodeDecodeError) as fault:
            faults = [f"not as its kind says: {fault}"]
        if answer.page is not None:
            faults += Marked(answer.body.decode()).found
        if answer.type.startswith("text/csv"):
            faults += formulas(answer.body)
        if "spreadsheetml" in answer.type:
            faults += calculated(answer.body)
        self.wrong += [f"{what}: {fault}" for fault in faults]
        if any(MARK in value for value in answer.cookies) or MARK in urllib.parse.urlsplit(answer.location).netloc:
            self.wrong.append(f"{what}: in the head of the answer")


class Marked(html.parser.HTMLParser):
    """Elements, attributes and scripts that a text has become."""

    def __init__(self, text):
        super().__init__()
        self.found, self.tag = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tag = tag
        if MARK in tag:
            self.found.append(f"an element <{tag}>, line {self.getpos()[0]}")
        for name, value in attributes:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if MARK in name:
                self.found.append(f"an attribute {name} of {tag}")
            if name in ("href", "src", "action", "formaction", "srcdoc", "content", "data-autosave", "data-swap") and (
                    address.startswith(("javascript:", "data:text", "vbscript:", "http", "//")) and MARK in address):
                self.found.append(f"{name} of {tag} leads to {value[:80]}")

    def handle_data(self, data):
        if self.tag in ("script", "style") and MARK in data:
            self.found.append(f"inside {self.tag}: {data[:80]}")

    def handle_comment(self, data):
        if MARK in data:
            self.found.append("a comment")

    def handle_decl(self, decl):
        if MARK in decl:
            self.found.append("a declaration")

    def handle_pi(self, data):
        if MARK in data:
            self.found.append("a processing instruction")


def formulas(body):
    text = body.decode("utf-8-sig")
    separator = ";" if ";" in text.split("\n", 1)[0] else ","
    return [f"a cell is a formula: {cell[:60]!r}" for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            for cell in row if MARK in cell and cell.lstrip(" ")[:1] in tuple("=+-@\t\r")]


def calculated(body):
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        sheets = [file.read(name).decode() for name in file.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        links = [file.read(name).decode() for name in file.namelist() if name.endswith(".rels")]
    made = [formula for sheet in sheets for formula in re.findall(r"<f[^>]*>([^<]*)", sheet)]
    return [f"a cell is the formula {one[:60]}" for one in made if not re.fullmatch(r"SUM\([A-Z]+\d+:[A-Z]+\d+\)", one)] + \
        ["a link leads outside" for link in links if MARK in link]


def honest(name, one):
    """What such a field takes."""
    if name.endswith("gio"):
        return "14:30"
    is_year = name.endswith("nam")
    if "short" in one.get("class", ""):
        return "01/01/2026" if is_year else "20/11/2026"
    return "2026" if is_year else "1"


def is_words(one):
    return one.get("inputmode", "text") == "text" and one.get("class") != "n"


class Writer:
    def __init__(self, visitor, supply):
        self.visitor, self.supply, self.made, self.put, self.ended = visitor, supply, [], 0, False

    def hostile(self):
        text = next(self.supply, None)
        self.ended = self.ended or text is None
        self.put += text is not None
        return text or "zzq"

    def record(self, reg):
        """One record with hostile words in each field that takes words; first, with them in all fields."""
        path = f"/so/{reg}/moi"
        form = Form(self.visitor.ask("GET", f"{path}?dv={UNIT}").body.decode(), path)
        sent = dict(form.given, **{name: self.hostile() for name in form.texts}, lam="luu")
        sent.update(CHOSEN.get(reg, {}))
        answer = self.visitor.ask("POST", path, sent)
        for _ in range(4):
            if answer.status == 303:
                break
            form = Form(answer.body.decode(), path)
            for name, one in form.texts.items():
                if name in form.bad or not is_words(one):
                    sent[name] = honest(name, one)
            sent.update({name: form.first(name) for name in form.bad & set(form.choices)})
            answer = self.visitor.ask("POST", path, sent)
        if answer.status == 303 and answer.location.startswith("/hs/"):
            self.made.append((reg, answer.location.split("?")[0]))
            self.see(self.made[-1][1], sent)
        return answer.status == 303

    def see(self, record, sent):
        answer = self.visitor.ask("GET", record)
        shown = json.loads(self.visitor.ask("GET", record + ".json").body)
        self.visitor.ask("GET", record + "/sua")
        text = json.dumps(shown, ensure_ascii=False)
        for name, value in sent.items():
            is_plain = name.startswith("f.") and re.fullmatch(r"[!-~]([ -~]{4,198}[!-~])", value)
            if is_plain and MARK in value and json.dumps(value)[1:-1] not in text:
                self.visitor.wrong.append(f"{record}: the words {value!r} are not as they were written")
        version = str(shown.get("record", {}).get("version", 1))
        if len(self.made) % 5 == 0:
            self.visitor.ask("POST", record + "/huy", {"version": version, "ly_do": self.hostile()})
            self.visitor.ask("GET", record)
        return answer


def elsewhere(visitor, text):
    """What is asked for, and what is written outside of registers."""
    asked = urllib.parse.quote(text)
    visitor.ask("GET", f"/tim?q={asked}")
    visitor.ask("GET", f"/so/quan_triet?dv={UNIT}&tim={asked}&tt={asked}&ky={asked}")
    visitor.ask("GET", f"/cs/kt_tcd?dv={asked}&tu={asked}")
    visitor.ask("POST", "/nop/gui", {"dv": UNIT, "ky": "lich_2019_nam", "version": "0", "nhan_xet": text})
    visitor.ask("POST", "/nop/don_doc", {"dv": "bt.cl", "ky": "lich_2019_nam", "don_vi": UNIT, "loi_nhac": text})
    visitor.ask("GET", f"/nop?dv={UNIT}&ky=lich_2019_nam")
    visitor.ask("POST", "/ket_qua/kt_tcd", {"dv": "bt.tp", "tu": "01/01/2018", "den": "31/12/2018", "quyet_dinh": text})


def registers():
    return sorted(name[:-5] for name in os.listdir(os.path.join(tools.PACK, "registers")))


def test_no_text_becomes_anything_else(room):
    room.init()
    room.run("demo")
    with tools.Server(room) as server:
        visitor = Visitor(server.port)
        writer = Writer(visitor, strings(COUNT))
        kept = set()
        while not writer.ended:
            kept |= {reg for reg in registers() if writer.record(reg)}
        tools.same(sorted(set(registers()) - kept), [], "registers that kept no record")
        for reg in registers():
            for end in ("", ".json", ".csv", ".xlsx"):
                visitor.ask("GET", f"/so/{reg}{end}?dv={UNIT}")
            visitor.ask("GET", f"/so/{reg}/danh_sach?dv={UNIT}")
        for text in itertools.islice(strings(COUNT), 0, COUNT, 3):
            elsewhere(visitor, text)
        for path in ("/", "/duyet", "/duyet?tra_lai=1", "/ket_qua", "/ket_qua.json", f"/dv/{UNIT}", "/lich"):
            visitor.ask("GET", path)
    print(f"{writer.put} strings, {len(writer.made)} records, {visitor.asked} answers", flush=True)
    tools.holds(not visitor.wrong, f"{len(visitor.wrong)} wrong:\n" + "\n".join(visitor.wrong[:30]))


def test_what_the_test_looks_for_is_found(_):
    page = "<!DOCTYPE html><html lang=vi><body>%s"
    for text in ("<zzq>", "<p zzq=1>", "<a href='java\tscript:zzq()'>", "<script>zzq()</script>", "<!--zzq-->"):
        tools.holds(Marked(page % text).found, f"{text} is not found")
    tools.same(Marked(page % "&lt;zzq&gt; {{zzq}} zzq").found, [], "what is text")
    tools.same(len(formulas("a;b\n=zzq;'=zzq\n".encode())), 1, "formulas of a table")


if __name__ == "__main__":
    tools.main(globals())
