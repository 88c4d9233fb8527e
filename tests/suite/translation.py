"""Are the texts of the pages all in po/en.po, and nothing else, with the same values; and is each
text of the code of pages marked as one? Found by tools/po.py, which is tried on planted faults; the
format itself is msgfmt's to judge, where it is installed."""
import importlib.util
import os
import shutil
import subprocess

import tools

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
spec = importlib.util.spec_from_file_location("po", os.path.join(SOURCE, "tools", "po.py"))
po = importlib.util.module_from_spec(spec)
spec.loader.exec_module(po)


def test_english_is_complete(_room):
    tools.same(po.faults(), [], "what is wrong with po/en.po and the code of pages")


def test_the_format_is_that_of_gettext(_room):
    if shutil.which("msgfmt") is None:
        raise tools.Skip("gettext is not installed")
    result = subprocess.run(["msgfmt", "-c", "-o", os.devnull, os.path.join(SOURCE, "po", "en.po")],
                            capture_output=True, text=True)
    tools.same((result.returncode, result.stderr), (0, ""), "what msgfmt says")


def found(change):
    """What is said against a catalogue that was changed."""
    texts = po.all_texts()
    entries = po.read_catalogue(po.ROOT / "po" / "en.po")
    change(entries)
    return len(list(po.compare("en.po", texts, entries)))


def test_planted_faults_of_a_catalogue_are_found(_room):
    def without(entries):
        del entries["Bỏ lọc"]

    def empty(entries):
        entries["Bỏ lọc"] = ""

    def more(entries):
        entries["Không ai nói câu này."] = "Nobody says this."

    def other_value(entries):
        entries["Trang {{page_number}}/{{pages}}"] = "Page {{page_number}}"

    def other_format(entries):
        entries["Không có tài khoản này."] = "There is no account %s."

    def other_kind(entries):
        entries["quá hạn %d ngày"] = "%s days overdue"

    def writing_kind(entries):
        entries["Không có tài khoản này."] = "There is no such account%n."

    def ends_its_attribute(entries):
        entries["Bỏ lọc {{label}}"] = 'Remove "{{label}}"'

    for change in (without, empty, more, other_value, other_format, other_kind, writing_kind, ends_its_attribute):
        tools.same(found(change), 1, f"the faults of {change.__name__}")


def test_another_order_of_values_is_none(_room):
    def order(entries):
        entries["%s nằm trong chính %s."] = "%2$s holds %1$s."

    tools.same(found(order), 0, "the faults")


def test_texts_of_templates_are_those_between_tags(_room):
    source = ('<p title="Một" href="Hai">Ba {{so}} {{#a}}Bốn{{/a}}</p>{{! Năm }}<i>{{x}} · 1</i>'
              '<b translate="no">Sáu</b>')
    tools.same([text for _, text in po.template_texts(source)], ["Một", "Ba {{so}}", "Bốn"], "the texts")


def test_texts_of_code_are_those_that_are_looked_up(_room):
    source = '''f(fault_set(cx, ERR, is ? "Một %s" : "Hai"
        " ba", "Bốn"), tr(cx, "Năm"), N_("Sáu"), g("Bảy")); /* "Tám" */'''
    tools.holds(po.PLAIN.search("%s theo %s") and not po.PLAIN.search("sau"), "what has no Vietnamese letter")
    said = {text: is_said for _, text, is_said in po.literals(source)}
    wanted = {"Một %s": True, "Hai ba": True, "Bốn": False, "Năm": True, "Sáu": True, "Bảy": False}
    tools.same(said, wanted, "what is said")


if __name__ == "__main__":
    tools.main(globals())
