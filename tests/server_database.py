"""Databases on the server that CHITHI_TEST_SERVER names (cluster.py), for the programs in Python: made,
copied, and looked at past the program with psql."""
import itertools
import json
import os
import re
import subprocess

ADDRESS = os.environ.get("CHITHI_TEST_SERVER", "")
NUMBERS = itertools.count(1)


def address_of(name):
    return re.sub(r"(://[^/]*)/[^?]*", lambda found: f"{found[1]}/{name}", ADDRESS, count=1)


def psql(address, text):
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", address],
                          input=text.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{text}\n{done.stderr.decode()}")
    return done.stdout.decode()


def name_of(address):
    return re.search(r"://[^/]*/([^?]*)", address)[1]


def create(template="template0"):
    """A new database, or a copy of another one that nobody is connected to; its address."""
    name = f"s{os.getpid()}_{next(NUMBERS)}"
    psql(ADDRESS, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"
         if template == "template0" else f"CREATE DATABASE {name} TEMPLATE {template}")
    return address_of(name)


def drop(address):
    psql(ADDRESS, f"DROP DATABASE IF EXISTS {name_of(address)} WITH (FORCE)")


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    return "'" + value.replace("'", "''") + "'"


def bound(text, values):
    """The ? of a text with values in their places."""
    parts = text.split("?")
    assert len(parts) == len(values) + 1, text
    return "".join(part + literal(value) for part, value in zip(parts, values)) + parts[-1]


def tuples(lines):
    return [tuple(value for _, value in json.loads(line, object_pairs_hook=list))
            for line in lines.split("\n") if line]


def rows(address, text, values):
    """Rows as tuples, with whole numbers and texts for what they are."""
    return tuples(psql(address, f"SELECT row_to_json(t) FROM ({bound(text, values)}) t"))


def dump(address, names):
    """All rows of some tables, over one connection."""
    found = psql(address, "\\echo ==\n".join(f"SELECT row_to_json(t) FROM {name} t;\n"
                                            for name in names))
    return dict(zip(names, map(tuples, found.split("==\n"))))


def alter(address, text, values):
    psql(address, bound(text, values))


def tables(address):
    return rows(address, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", ())


def columns(address, table):
    return [name for name, in rows(
        address, "SELECT column_name FROM information_schema.columns WHERE table_name = ? "
        "ORDER BY ordinal_position", (table,))]
