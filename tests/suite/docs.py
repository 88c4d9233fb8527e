#!/usr/bin/python3
"""Do the examples of the manuals work as they are written?

In man/*.1 and man/*.5 every literal display is an example. A comment before it may say what it is:
    .\\" file: NAME     the text is (a further part of) a file
    .\\" fails          the last command exits 1
Lines that begin with "$ " are commands; lines under one are all that it prints, on both streams.
In Markdown, blocks fenced as `sh` are commands, one a line, and `tsv NAME` or `yaml NAME` is (a further
part of) a file; other blocks are not run. All commands of one document run in order in one shell, in a folder with a fresh demo.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import unicodedata
import urllib.request

import tools

WRAPPER = """#!/bin/sh
# `serve` would not end by itself: it is asked for its first page and then told to stop.
[ "$1" = serve ] && exec {python} {script} --serve {binary} "$@"
exec {binary} "$@"
"""
NOT_RUN = ("./run", "./test")  # what installs packages; the test run itself is one of them


class Example:
    """One command and what it is to print (None: not said)."""

    def __init__(self, command):
        self.command, self.prints, self.code = command, None, 0


class Document:
    """The files and commands that a document shows, in order."""

    def __init__(self, path):
        self.path, self.files, self.examples = path, {}, []

    def add_file(self, name, lines):
        self.files[name] = self.files.get(name, "") + "".join(line + "\n" for line in lines)

    def add_commands(self, lines, fails):
        for line in lines:
            if line.startswith("$ "):
                self.examples.append(Example(line[2:]))
            elif self.examples and self.examples[-1].command.endswith("\\"):
                self.examples[-1].command += "\n" + line
            elif self.examples and line:
                last = self.examples[-1]
                last.prints = (last.prints or "") + line + "\n"
        if fails:
            self.examples[-1].code = 1


def plain(line):
    """A line of a literal display as a reader sees it."""
    return line.replace("\\&", "").replace("\\e", "\\")


def read_manual(path):
    """The examples of a page in mdoc."""
    document, note, display = Document(path), "", None
    with open(os.path.join(tools.SOURCE, path), encoding="utf-8") as page:
        for number, line in enumerate(page.read().splitlines(), 1):
            if line.startswith(".Bd -literal"):
                display = []
            elif line == ".Ed":
                if note.startswith("file: "):
                    document.add_file(note[6:], display)
                else:
                    tools.holds(any(text.startswith("$ ") for text in display),
                                f"{path}:{number}: a display that is neither a file nor a command")
                    document.add_commands(display, note == "fails")
                note, display = "", None
            elif display is not None:
                display.append(plain(line))
            elif line.startswith('.\\" '):
                note = line[4:]
    return document


def read_markdown(path):
    document, fence, block = Document(path), None, []
    with open(os.path.join(tools.SOURCE, path), encoding="utf-8") as page:
        for line in page.read().splitlines():
            if not line.lstrip().startswith("```"):
                block.append(line)
                continue
            if fence is None:
                fence, block = line.strip()[3:].split(), []
                continue
            if fence[:1] in (["tsv"], ["yaml"]) and len(fence) == 2:
                document.add_file(fence[1], block)
            elif fence == ["sh"]:
                document.add_commands(["$ " + text.split("  #")[0].rstrip() for text in block
                                       if text and not text.startswith(NOT_RUN)], False)
            fence = None
    return document


def furnish(room, document):
    """A folder like a checkout that has been built, with what the document's files hold."""
    wrapper = WRAPPER.format(python=sys.executable, script=os.path.abspath(__file__),
                             binary=tools.BINARY)
    for name in ("bin/chithi", "build/chithi"):
        os.chmod(room.write(name, wrapper), 0o755)
    os.symlink(os.path.join(tools.SOURCE, "packs"), room.path("packs"))
    for name, text in document.files.items():
        room.write(name, text)
    room.demo()
    os.makedirs(room.path("var"))
    shutil.move(room.db, room.path("var", "chithi.db"))


def run_examples(room, document):
    """All commands in one shell, because later ones use what earlier ones have found out."""
    script = ""
    for i, example in enumerate(document.examples):
        script += f"{{ {example.command}\n}} >out.{i} 2>&1\necho $? >code.{i}\n"
    environment = dict(os.environ, PATH=room.path("bin") + ":" + os.environ["PATH"])
    subprocess.run(["sh", "-c", script], cwd=room.folder, env=environment, check=False,
                   timeout=tools.TIME_LIMIT, stdin=subprocess.DEVNULL)
    for i, example in enumerate(document.examples):
        tools.holds(os.path.exists(room.path(f"code.{i}")),
                    f"{document.path}: the shell did not come to “{example.command}”")
        with open(room.path(f"out.{i}"), encoding="utf-8") as out, \
                open(room.path(f"code.{i}"), encoding="utf-8") as code:
            printed, code = out.read(), int(code.read())
        tools.holds(code == example.code,
                    f"{document.path}: “{example.command}” exits {code}:\n{printed}")
        if example.prints is not None:
            tools.same(printed, example.prints, f"{document.path}: “{example.command}”")


def run_document(room, document, least):
    tools.holds(len(document.examples) >= least,
                f"{document.path}: only {len(document.examples)} commands were found")
    furnish(room, document)
    run_examples(room, document)


def test_commands_of_the_manual(room):
    run_document(room, read_manual("man/chithi.1"), 30)


def test_packs_of_the_manual(room):
    document = read_manual("man/chithi-pack.5")
    tools.holds(len(document.files) >= 4, f"only these files were found: {list(document.files)}")
    run_document(room, document, 3)


def test_readme(room):
    run_document(room, read_markdown("README.md"), 5)


def test_user_manual(room):
    run_document(room, read_markdown("doc/huong-dan.md"), 8)


def test_writing_a_pack(room):
    document = read_markdown("doc/packs.md")
    tools.holds(len(document.files) == 6, f"only these files were found: {list(document.files)}")
    run_document(room, document, 10)


def test_operation(room):
    run_document(room, read_markdown("doc/operation.md"), 4)


def page_text(path):
    with open(os.path.join(tools.SOURCE, path), encoding="utf-8") as page:
        return unicodedata.normalize("NFC", page.read())


def test_every_command_and_option_has_an_example(room):
    page = page_text("man/chithi.1")
    shown = "\n".join(example.command for example in read_manual("man/chithi.1").examples)
    usages = re.findall(r"^  chithi (.*(?:\n {8}[\[-].*)*)\n", room.run("help").out, re.MULTILINE)
    tools.holds(len(usages) > 20, f"only {len(usages)} commands in chithi help")
    for usage in usages:
        name = re.match(r"[a-z]+(?: [a-z]+)?\b(?! *=)", usage)[0]
        tools.holds(re.search(rf"^\.It (Xo )?Cm {name}\b", page, re.MULTILINE),
                    f"chithi {name} is not in man/chithi.1")
        examples = "\n".join(re.findall(rf"chithi {name}\b(?:\\\n|[^\n])*", shown))
        tools.holds(examples, f"man/chithi.1 has no example of {name}")
        for option in re.findall(r"--[a-z-]+", usage):
            tools.holds(option in examples, f"man/chithi.1 has no example of {name} {option}")


def test_the_manual_has_every_kind(room):
    page = page_text("man/chithi-pack.5")
    kinds = re.findall(r'\[KIND_\w+\] = \{"(\w+)",\s*\{([^}]*)\}', page_text("src/pack/kind.c"))
    tools.holds(len(kinds) > 5, f"only {kinds} were found in src/pack/kind.c")
    for kind, keys in kinds:
        tools.holds(f".It Cm {kind}\n" in page, f"the kind {kind} is not in man/chithi-pack.5")
        for key in re.findall(r'"(\w+)"', keys):
            tools.holds(f"Cm {key}" in page, f"{key} of {kind} is not in man/chithi-pack.5")


def test_pages_format_without_warnings(room):
    if shutil.which("groff") is None:
        raise tools.Skip("groff is not installed")
    for path in ("man/chithi.1", "man/chithi-pack.5"):
        done = subprocess.run(["groff", "-k", "-mdoc", "-Tutf8", "-ww", "-P-cbou",
                               os.path.join(tools.SOURCE, path)],
                              capture_output=True, timeout=tools.TIME_LIMIT, check=False)
        tools.same((done.returncode, done.stderr.decode()), (0, ""), f"groff {path}")
        text = unicodedata.normalize("NFC", done.stdout.decode())
        for part in ("SEE ALSO", "$ chithi", "trên, gần"):
            tools.holds(part in text, f"“{part}” is lost in {path}")


def serve(command):
    """Start a server, read the page that it says it serves, and end it."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    address = server.stdout.readline().decode().strip()
    if not address:
        return server.wait()
    with urllib.request.urlopen(address, timeout=tools.TIME_LIMIT) as page:
        found = page.status
    server.send_signal(signal.SIGTERM)
    return server.wait() if found == 200 else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        sys.exit(serve(sys.argv[2:]))
    tools.main(globals())
