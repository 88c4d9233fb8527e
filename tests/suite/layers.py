"""Do includes run web -> domain -> store -> base and never back, and does each library stay in the
folder that it belongs to?"""
import os
import re
import shutil

import tools

# What a folder may include besides itself and base.
BELOW = {
    "base": [], "http": [], "pack": [], "report": [],
    "store": ["pack"],
    "domain": ["store", "pack"],
    "web": ["http", "domain", "store", "pack", "report"],
    "cli": ["web", "http", "domain", "store", "pack", "report"],
}
# What pack shows to others; reading packs is for the layer that keeps them.
OF_PACK = {
    "store": ["model.h", "value.h", "expr.h"],
    "domain": ["model.h", "value.h", "expr.h", "pack.h"],
    "web": ["model.h", "value.h", "expr.h"],
    "cli": ["model.h", "value.h", "expr.h", "pack.h"],
}
GENERATED = {"queries.h": "store"}
LIBRARIES = {
    "sqlite3.h": "store", "libpq-fe.h": "store", "microhttpd.h": "http", "gnutls/gnutls.h": "http", "yaml.h": "pack",
    "zip.h": "report", "seccomp.h": "base", "qrencode.h": "web", "linux/landlock.h": "base",
}
SOCKETS = ["sys/socket.h", "netinet/in.h", "arpa/inet.h", "netdb.h"]
# The names of the engines' dialects and of the driver are the only words of SQLite elsewhere.
DIALECTS = ["rewrite.c", "sql.c", "sql.h", "sqlgen.c", "sqlgen.h"]
STATEMENT = re.compile(r'"[^"]*\b(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|'
                       r"(CREATE|DROP|ALTER) (TABLE|VIEW|INDEX)|BEGIN IMMEDIATE)\b")


def allowed(folder, header):
    """May a file of this folder include "header"?"""
    if header in GENERATED:
        return folder == GENERATED[header]
    other, _, name = header.partition("/")
    if other == folder or other == "base":
        return True
    if folder == "src":
        return header == "cli/cli_main.h"
    if other == "pack" and folder in OF_PACK:
        return name in OF_PACK[folder]
    return other in BELOW[folder]


def library_fault(folder, name, header):
    home = LIBRARIES.get(header)
    if home is not None and folder != home:
        return f"<{header}> belongs to {home}"
    if header == "sqlite3.h" and not name.startswith("sqlite"):
        return "<sqlite3.h> belongs to the driver"
    if header in SOCKETS and name.endswith(".h") and folder != "http":
        return f"<{header}> in a header outside http"
    return None


def word_fault(folder, name, line):
    """Words of the database in a line, where they may not stand."""
    if folder == "store" and name.startswith("sqlite"):
        return None
    if folder == "store" and name in DIALECTS:
        line = re.sub(r"DIALECT_SQLITE|\bSQLite\b", "", line)
    if re.search("sqlite", line, re.IGNORECASE):
        return "a word of SQLite outside its driver"
    if folder != "store" and STATEMENT.search(line):
        return "SQL outside store"
    return None


def line_fault(folder, name, line):
    ours = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
    theirs = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
    if ours and not allowed(folder, ours[1]):
        return f'{folder} may not include "{ours[1]}"'
    if theirs:
        return library_fault(folder, name, theirs[1])
    return word_fault(folder, name, line)


def faults(source):
    found = []
    for path, _, names in os.walk(source):
        folder = os.path.relpath(path, source).replace(".", "src")
        for name in sorted(name for name in names if name.endswith((".c", ".h"))):
            with open(os.path.join(path, name), encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    fault = line_fault(folder, name, line)
                    if fault:
                        found.append(f"src/{folder}/{name}:{number}: {fault}")
    return found


def test_includes_never_turn_back(room):
    source = os.path.join(tools.SOURCE, "src")
    tools.same(sorted(entry.name for entry in os.scandir(source) if entry.is_dir()),
               sorted(BELOW), "the folders of src")
    tools.same(faults(source), [], "includes that turn back")


def test_queries_of_one_engine_have_a_second_body(room):
    folder = os.path.join(tools.SOURCE, "sql", "query")
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            for body in file.read().split("-- name: ")[1:]:
                query = body.split()[0]
                if "sqlite" not in body.lower():
                    continue
                second = os.path.join(folder, name.replace(".sql", ".pg.sql"))
                with open(second, encoding="utf-8") as other:
                    tools.has(other.read(), f"-- name: {query}\n")


PLANTED = [
    ("base/date.c", '#include "pack/model.h"', 'base may not include "pack/model.h"'),
    ("http/server.c", '#include "store/store.h"', 'http may not include "store/store.h"'),
    ("pack/pack.c", '#include "domain/world.h"', 'pack may not include "domain/world.h"'),
    ("report/docx.c", '#include "domain/report.h"', 'report may not include "domain/report.h"'),
    ("store/store.h", '#include "domain/world.h"', 'store may not include "domain/world.h"'),
    ("store/sqlgen.c", '#include "pack/read.h"', 'store may not include "pack/read.h"'),
    ("domain/figure.c", '#include "http/server.h"', 'domain may not include "http/server.h"'),
    ("domain/report.c", '#include "report/report.h"', 'domain may not include "report/report.h"'),
    ("domain/unit.c", '#include "web/page.h"', 'domain may not include "web/page.h"'),
    ("domain/cell.h", '#include "queries.h"', 'domain may not include "queries.h"'),
    ("main.c", '#include "domain/world.h"', 'src may not include "domain/world.h"'),
    ("store/row.c", "#include <sqlite3.h>", "<sqlite3.h> belongs to the driver"),
    ("domain/record.c", "#include <sqlite3.h>", "<sqlite3.h> belongs to store"),
    ("web/page.h", "#include <microhttpd.h>", "<microhttpd.h> belongs to http"),
    ("base/doc.h", "#include <sys/socket.h>", "<sys/socket.h> in a header outside http"),
    ("store/store.h", "int sqlite3_limit;", "a word of SQLite outside its driver"),
    ("store/sqlgen.c", "int sqlite3_limit;", "a word of SQLite outside its driver"),
    ("domain/fact.c", 'const char *q = "DELETE FROM fact";', "SQL outside store"),
]


def test_planted_faults_are_found(room):
    source = room.path("src")
    for path, line, wanted in PLANTED:
        shutil.copytree(os.path.join(tools.SOURCE, "src"), source)
        os.makedirs(os.path.dirname(os.path.join(source, path)), exist_ok=True)
        with open(os.path.join(source, path), "a", encoding="utf-8") as file:
            file.write(line + "\n")
        found = [fault.split(": ", 1)[1] for fault in faults(source)]
        tools.same(found, [wanted], f"what {line} in {path} is called")
        shutil.rmtree(source)


if __name__ == "__main__":
    tools.main(globals())
