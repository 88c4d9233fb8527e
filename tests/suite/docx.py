#!/usr/bin/python3
"""Can other programs read the DOCX files that chithi writes?

    docx.py [--make PROGRAM] [--expect TEXT]... [--margins T,R,B,L] [--selftest] [FILE]...

Each file is looked at part by part (content types, relations, well-formed XML, the order of
elements that Word insists on), opened by python-docx, and turned into PDF by LibreOffice; every
expected text must stand in the PDF. --make runs PROGRAM (the unit test docx) with CHITHI_DOCX_OUT
set and takes the file that it leaves. --selftest damages copies of the first file in known ways
and demands that each damage is found.

Exit 0: all well. 1: something is wrong, said on stderr. 77: a reader is not installed.
"""
import argparse
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from xml.etree import ElementTree

del sys.path[0]  # the folder of this script, which bears the library's name
try:
    import docx
except ImportError:
    docx = None

TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TWIP = 635  # in the units of python-docx
A4 = (11906, 16838)

# The order of children in the schema (ECMA-376, part 1, annex A), as far as it concerns us.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs "
           "spacing ind contextualSpacing jc textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike vanish color spacing w kern position "
           "sz szCs highlight u effect bdr shd vertAlign lang",
    "pBdr": "top left bottom right between bar",
    "tblPr": "tblStyle tblpPr tblOverlap tblW jc tblCellSpacing tblInd tblBorders shd tblLayout "
             "tblCellMar tblLook",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "p": "pPr r fldSimple sdt",
    "sectPr": "headerReference footerReference type pgSz pgMar paperSrc pgBorders pgNumType cols "
              "vAlign titlePg textDirection docGrid",
    "style": "name aliases basedOn next link uiPriority semiHidden unhideWhenUsed qFormat locked "
             "pPr rPr tblPr",
    "settings": "zoom mirrorMargins defaultTabStop evenAndOddHeaders characterSpacingControl "
                "compat themeFontLang decimalSymbol listSeparator",
    "font": "altName panose1 charset family notTrueType pitch sig",
}


def source_of(rels_path):
    """The part whose relations a .rels part holds: word/_rels/document.xml.rels -> its path."""
    folder, name = posixpath.split(rels_path)
    return posixpath.join(posixpath.dirname(folder), name[: -len(".rels")])


def check_xml(parts):
    """The parts as trees, and what is not well-formed."""
    trees, faults = {}, []
    for path, content in parts.items():
        try:
            trees[path] = ElementTree.fromstring(content)
        except ElementTree.ParseError as error:
            faults.append(f"{path}: not well-formed: {error}")
    return trees, faults


def check_types(trees, parts):
    root = trees.get("[Content_Types].xml")
    if root is None:
        return ["[Content_Types].xml: missing or not well-formed"]
    defaults = {d.get("Extension"): d.get("ContentType") for d in root.iter(TYPES + "Default")}
    own = {o.get("PartName"): o.get("ContentType") for o in root.iter(TYPES + "Override")}
    faults = [f"[Content_Types].xml: names {name}, which is not there"
              for name in own if name.lstrip("/") not in parts]
    for path in parts:
        kind = own.get("/" + path, defaults.get(path.rsplit(".", 1)[-1]))
        if path != "[Content_Types].xml" and kind in (None, "application/xml"):
            faults.append(f"[Content_Types].xml: {path} has no content type of its own")
    return faults


def check_relations(trees, parts):
    faults, known = [], {}
    for path in (p for p in trees if p.endswith(".rels")):
        source = source_of(path)
        for relation in trees[path].iter(RELATIONS + "Relationship"):
            target = relation.get("Target")
            known.setdefault(source, set()).add(relation.get("Id"))
            where = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
            if relation.get("TargetMode") != "External" and where.lstrip("/") not in parts:
                faults.append(f"{path}: the target {target} is not there")
    for path, tree in trees.items():
        for element in tree.iter():
            used = element.get(R + "id")
            if used is not None and used not in known.get(path, ()):
                faults.append(f"{path}: {used} is used and not a relation")
    return faults


def check_order(trees):
    faults = []
    for path, tree in trees.items():
        for element in (e for e in tree.iter() if e.tag.startswith(W)):
            order = ORDER.get(element.tag[len(W):], "").split()
            names = [child.tag[len(W):] for child in element]
            if not order:
                continue
            unknown = [name for name in names if name not in order]
            places = [order.index(name) for name in names if name in order]
            if unknown or places != sorted(places):
                faults.append(f"{path}: order of children in {element.tag[len(W):]}: {names}")
    return faults


def check_styles(trees):
    styles = trees.get("word/styles.xml")
    known = {s.get(W + "styleId") for s in styles.iter(W + "style")} if styles is not None else ()
    faults = []
    for path, tree in trees.items():
        for used in {e.get(W + "val") for e in tree.iter(W + "pStyle")} - set(known):
            faults.append(f"{path}: the style {used} is not defined")
        for cell in tree.iter(W + "tc"):
            if len(cell) == 0 or cell[-1].tag != W + "p":
                faults.append(f"{path}: a cell does not end with a paragraph")
    return faults


def check_package(file):
    try:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        return [f"not a zip archive: {error}"]
    trees, faults = check_xml(parts)
    return (faults + check_types(trees, parts) + check_relations(trees, parts) +
            check_order(trees) + check_styles(trees))


def check_sections(file, margins):
    """python-docx opens the file; its sheets are A4, upright or turned, with the margins."""
    try:
        sections = docx.Document(file).sections
    except Exception as error:  # whatever a reader stumbles over is a fault of the file
        return [f"python-docx does not open it: {error!r}"]
    faults = []
    for number, section in enumerate(sections, 1):
        size = (round(section.page_width / TWIP), round(section.page_height / TWIP))
        found = tuple(round(margin / TWIP) for margin in (
            section.top_margin, section.right_margin, section.bottom_margin, section.left_margin))
        if size not in (A4, A4[::-1]):
            faults.append(f"section {number}: the sheet is {size}, not A4")
        if found != margins:
            faults.append(f"section {number}: margins {found}, not {margins}")
    return faults


def plain(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


def check_pdf(file, expected, folder):
    """LibreOffice reads the file, and every expected text is on its pages."""
    pdf = os.path.join(folder, os.path.splitext(os.path.basename(file))[0] + ".pdf")
    profile = "file://" + os.path.join(folder, "profile")
    done = subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
         "--outdir", folder, file], capture_output=True, text=True, timeout=300, check=False)
    if not os.path.exists(pdf):
        return [f"LibreOffice does not convert it: {done.stderr.strip() or done.stdout.strip()}"]
    text = plain(subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True,
                                timeout=60, check=True).stdout)
    os.remove(pdf)
    return [f"the PDF lacks {wanted!r}" for wanted in expected if plain(wanted) not in text]


def check(file, options, folder):
    faults = check_package(file)
    if not faults:
        faults = check_sections(file, options.margins)
    if not faults:
        faults = check_pdf(file, options.expect, folder)
    return faults


def rewrite(good, bad, path, change):
    """Copy a file with one part changed by `change`, or left out when that returns None."""
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode("utf-8")
            after = change(content) if name == path else content
            if name == path and after == content:
                raise SystemExit(f"docx.py: nothing to damage in {path} of {good}")
            if after is not None:
                target.writestr(name, after)


def selftest(good, options, folder):
    """Damage copies; each damage must be reported in words that name it."""
    figure = options.expect[0]
    document = "word/document.xml"
    damages = [
        ("a part that a relation names is gone", "word/fontTable.xml", lambda x: None,
         "fontTable.xml is not there"),
        ("a relation that is used is gone", "word/_rels/document.xml.rels",
         lambda x: re.sub(r'<Relationship Id="rIdHeader"[^>]*>', "", x), "not a relation"),
        ("a content type is gone", "[Content_Types].xml",
         lambda x: re.sub(r'<Override PartName="/word/styles.xml"[^>]*>', "", x),
         "no content type"),
        ("a part is not well-formed", "word/settings.xml",
         lambda x: x.replace("</w:compat>", ""), "not well-formed"),
        ("children in the wrong order", document,
         lambda x: re.sub(r"(<w:tblBorders>.*?</w:tblBorders>)(<w:tblLayout [^>]*>)", r"\2\1", x),
         "order of children"),
        ("a style that is not defined", document,
         lambda x: x.replace('"BodyText"', '"Nobody"'), "is not defined"),
        ("other margins", document,
         lambda x: x.replace(f'w:left="{options.margins[3]}"', 'w:left="1000"'), "margins"),
        ("another sheet", document, lambda x: x.replace("16838", "15840"), "not A4"),
        ("a figure is gone", document, lambda x: x.replace(figure, "rất nhiều"), "the PDF lacks"),
    ]
    faults = check(good, options, folder)
    for number, (what, path, change, words) in enumerate(damages, 1):
        bad = os.path.join(folder, f"bad{number}.docx")
        rewrite(good, bad, path, change)
        found = check(bad, options, folder)
        if any(words in fault for fault in found):
            print(f"found: {what}: {found[0]}")
        else:
            faults.append(f"selftest: not found: {what}; reported instead: {found}")
    return faults


def make(program, folder):
    path = os.path.join(folder, "sample.docx")
    done = subprocess.run([program], env={**os.environ, "CHITHI_DOCX_OUT": path},
                          capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0 or not os.path.exists(path):
        raise SystemExit(f"docx.py: {program} left no file\n{done.stdout}{done.stderr}")
    return path


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__.strip().splitlines()[2].strip())
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--make", metavar="PROGRAM")
    parser.add_argument("--expect", action="append", default=[], metavar="TEXT")
    parser.add_argument("--margins", default="1134,850,1134,1701", metavar="T,R,B,L",
                        type=lambda text: tuple(int(part) for part in text.split(",")))
    parser.add_argument("--selftest", action="store_true")
    options = parser.parse_args()
    if not options.files and options.make is None:
        parser.error("no file")
    if options.selftest and not options.expect:
        parser.error("--selftest needs a text to take out: --expect")
    return options


def main():
    options = arguments()
    missing = [tool for tool in ("soffice", "pdftotext") if shutil.which(tool) is None]
    if docx is None:
        missing.append("python3-docx")
    if missing:
        print(f"SKIP: not installed: {', '.join(missing)}")
        return 77
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        files = options.files + ([make(options.make, folder)] if options.make else [])
        for file in files:
            faults = check(file, options, folder)
            for fault in faults:
                print(f"{file}: {fault}", file=sys.stderr)
            status = 1 if faults else status
            print(f"{file}: {'bad' if faults else 'good'}")
        if options.selftest:
            faults = selftest(files[0], options, folder)
            for fault in faults:
                print(fault, file=sys.stderr)
            status = 1 if faults else status
    return status


if __name__ == "__main__":
    sys.exit(main())
