"""Could the tables and the statements be spread over the machines of a Citus cluster? A lint on plain
PostgreSQL: tables by the catalog, statements by the plans that the planner makes of them, which is
what Citus itself goes by. Looked at is what a server gets: of a statement with two bodies the second.
"""
import itertools
import json
import os
import re
import subprocess

import tools

import server_database

STATEMENTS = os.path.join(os.path.dirname(tools.BINARY), "tests", "statements")
PACKS = [os.path.join(tools.SOURCE, "packs", "nghi-quyet-mau")]
KINDS = os.path.join(tools.SOURCE, "tests", "golden", "accept_kinds.yaml")
# Some sharded tables have no other unique key than their primary key, which is looked at too.
UNIQUE = """SELECT t.relname, c.relname, i.indisprimary, (
        SELECT string_agg(a.attname, ' ' ORDER BY array_position(i.indkey::SMALLINT[], a.attnum))
        FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (i.indkey))
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indisunique AND t.relnamespace = 'public'::REGNAMESPACE ORDER BY 1, 2"""
# Each gives (table, what is wrong with it).
CATALOG = [
    """SELECT tgrelid::REGCLASS::TEXT, 'has the trigger ' || tgname FROM pg_trigger
    WHERE NOT tgisinternal""",
    """SELECT conrelid::REGCLASS::TEXT, 'has a foreign key to ' || confrelid::REGCLASS::TEXT
    FROM pg_constraint WHERE contype = 'f'""",
    """SELECT relname, 'is a sequence' FROM pg_class
    WHERE relkind = 'S' AND relnamespace = 'public'::REGNAMESPACE""",
    """SELECT c.relname, 'column ' || a.attname || ' is not compared by bytes'
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relnamespace = 'public'::REGNAMESPACE AND c.relkind = 'r' AND t.typcollation <> 0
        AND l.collname <> 'C'""",
]
DEFAULTS = """SELECT c.relname, a.attname, pg_get_expr(d.adbin, d.adrelid)
    FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
    WHERE c.relnamespace = 'public'::REGNAMESPACE AND a.attgenerated = ''"""
CALLED = re.compile(r"\b(now|random|nextval|clock_timestamp|gen_random_uuid)\s*\(|"
                    r"\bcurrent_(timestamp|date|time)\b", re.IGNORECASE)


def program_says(room):
    """The marks of the tables, and the statements."""
    if not os.access(STATEMENTS, os.X_OK):
        raise tools.Skip("jansson is not installed")
    done = subprocess.run([STATEMENTS, room.db], capture_output=True, check=True)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    marks = {line["table"]: line["mark"] for line in lines if "table" in line}
    return marks, [line for line in lines if "statement" in line]


def filled(room):
    """A database with the pack that ships, the small one, and one that has every kind of field."""
    if not tools.ON_SERVER:
        raise tools.Skip("only where the tests run on a server")
    room.init()
    head = "pack: moi_kieu\nlabel: Mọi kiểu\ndirective: 99-CT/TU\n"
    room.write("kinds/pack.yaml", head)
    with open(KINDS, "rb") as file:
        room.write("kinds/registers/so.yaml", file.read())
    for folder in [*PACKS, room.path("kinds")]:
        room.run("pack", "apply", folder)


# Tables

def unique_faults(room, marks):
    keyed = set()
    for table, index, is_primary, columns in room.sql(UNIQUE):
        names = (columns or "").split()
        if marks.get(table) != "sharded":
            continue
        if is_primary:
            keyed.add(table)
        if is_primary and names[:1] != ["shard"]:
            yield f"{table}: its primary key does not begin with shard"
        elif "shard" not in names:
            yield f"{table}: the unique index {index} is without shard"
    for table in sorted(table for table, mark in marks.items() if mark == "sharded"):
        if table not in keyed:
            yield f"{table}: has no primary key"


def table_faults(room, marks):
    found = [f"{table}: has no mark" for table in sorted(room.tables()) if not marks.get(table)]
    found += unique_faults(room, marks)
    for query in CATALOG:
        found += [f"{table}: {what}" for table, what in room.sql(query)]
    for table, column, default in room.sql(DEFAULTS):
        if marks.get(table) != "local" and "(" in default:
            found.append(f"{table}: the default of {column} is calculated")
    return found


# Statements

def plans(room, statements):
    """What the planner makes of each, whatever the values of its parameters are."""
    script = ["SET plan_cache_mode = force_generic_plan; SET enable_bitmapscan = off;\n"]
    for number, statement in enumerate(statements):
        values = ", ".join(["NULL"] * statement["parameters"])
        script.append(f"PREPARE s{number} AS {statement['text']};\n"
                      f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) EXECUTE s{number}"
                      f"{f'({values})' if values else ''};\n\\echo ==\n")
    answers = server_database.psql(room.db, "".join(script)).split("==\n")
    return [json.loads(answer)[0]["Plan"] for answer in answers[:-1]]


def nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def closing(text, at):
    """Where the parenthesis at a place is closed."""
    depth, quoted = 0, False
    for end in range(at, len(text)):
        quoted ^= text[end] == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return end
    raise tools.Wrong(f"parentheses of {text}")


def conjuncts(condition):
    """The parts that must all hold."""
    while condition.startswith("(") and closing(condition, 0) == len(condition) - 1:
        condition = condition[1:-1]
    parts, depth, quoted, begin = [], 0, False, 0
    for at, letter in enumerate(condition):
        quoted ^= letter == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and not quoted and condition.startswith(" AND ", at):
            parts.append(condition[begin:at])
            begin = at + len(" AND ")
    if not parts:
        return [condition]
    return [part for piece in [*parts, condition[begin:]] for part in conjuncts(piece)]


def equalities(plan):
    """Pairs of what is the same: the shards of two scans, or that of one and a parameter."""
    for node in nodes(plan):
        for key, value in node.items():
            if not key.endswith(("Cond", "Filter")):
                continue
            for part in conjuncts(value):
                sides = re.fullmatch(r"(\w+)\.shard = (?:(\w+)\.shard|(\$\d+))", part)
                if sides:
                    yield sides[1], sides[2] or "$"


def linked(plan):
    """The scan, or "$" for a parameter, that stands for all whose shard is the same."""
    leader = {}

    def find(name):
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name
    for one, other in equalities(plan):
        first, second = sorted((find(one), find(other)))  # "$" comes before letters
        leader[second] = first
    return find


def scans(plan, marks):
    return [node["Alias"] for node in nodes(plan) if node["Node Type"].endswith("Scan")
            and marks.get(node.get("Relation Name")) == "sharded"]


def loose_joins(plan, marks, find):
    """Joins of sharded tables that are not on the shard."""
    for node in nodes(plan):
        if not node["Node Type"].endswith(("Join", "Nested Loop")):
            continue
        sides = [{find(name) for name in scans(child, marks)} for child in node["Plans"]]
        sides = [side for side in sides if side]
        for one, other in itertools.combinations(sides, 2):
            yield from sorted(one ^ other)


def inserts_elsewhere(plan, marks, columns):
    """Is there an insert whose shard is not a parameter?"""
    for node in nodes(plan):
        table = node.get("Relation Name")
        if node.get("Operation") != "Insert" or marks.get(table) != "sharded":
            continue
        value = node["Plans"][0]["Output"][columns[table].index("shard")]
        if not re.fullmatch(r"\$\d+", value):
            return True
    return False


def statement_faults(statement, plan, marks, columns):
    text, find = statement["text"], linked(plan)
    free = [name for name in scans(plan, marks) if find(name) != "$"]
    locks = any(node["Node Type"] == "LockRows" for node in nodes(plan))
    if re.search(r"\bWITH\s+RECURSIVE\b", text, re.IGNORECASE):
        yield "is recursive"
    if CALLED.search(text):
        yield "takes a time, a number or chance from the server"
    changed = re.search(r"\bSET\b(.*?)(\bWHERE\b|$)", text, re.DOTALL)
    if changed and re.search(r"(?<![.\w])shard\b\s*[=,)]", changed[1]):
        yield "changes shard"
    if inserts_elsewhere(plan, marks, columns):
        yield "inserts into a shard that is no parameter"
    if any(loose_joins(plan, marks, find)):
        yield "joins sharded tables but not on shard"
    if free and locks:
        yield "locks rows of more than one shard"
    if free and not statement["every_shard"]:
        yield "is not restricted to one shard: " + ", ".join(free)
    if statement["every_shard"] and not free:
        yield "is said to ask every shard and does not"


ROW = re.compile(r"INSERT INTO (\w+) \([\w, ]+\) VALUES \((?:\$\d+(?:, )?)+\)(?: ON CONFLICT [^$]+)?")


def gathered_faults(room, statements):
    """Rows are sent later, many at once: they may depend on nothing but their parameters, and not on
    the order of two statements."""
    texts, many = {}, [statement for statement in statements if "two_rows" in statement]
    doubled = [{"text": statement["two_rows"], "parameters": 2 * statement["parameters"]}
               for statement in many]
    for statement, plan in zip(many, plans(room, doubled)):
        text = " ".join(statement["text"].split())
        row = ROW.fullmatch(text)
        if row is None:
            yield f"{statement['statement']}: is gathered and is not one row of parameters"
        elif texts.setdefault(row[1], text) != text:
            yield f"{statement['statement']}: is gathered, and so is another one of its table"
        elif plan.get("Operation") != "Insert" or plan["Plans"][0]["Node Type"] != "Values Scan":
            yield f"{statement['statement']}: is gathered and cannot be several rows"


def faults_of(room, statements, marks):
    columns = {table: room.columns(table) for table, mark in marks.items() if mark == "sharded"}
    return [f"{statement['statement']}: {fault}"
            for statement, plan in zip(statements, plans(room, statements))
            for fault in statement_faults(statement, plan, marks, columns)]


# Tests

def test_tables_and_statements_can_be_spread(room):
    filled(room)
    marks, statements = program_says(room)
    tools.holds(len(statements) > 1000, f"only {len(statements)} statements")
    tools.same(sorted(marks), sorted(room.tables()), "the tables that have a mark")
    tools.same("\n".join(table_faults(room, marks)), "", "tables")
    tools.same("\n".join(faults_of(room, statements, marks)), "", "statements")
    tools.holds(sum("two_rows" in statement for statement in statements) > 30, "rows are gathered")
    tools.same("\n".join(gathered_faults(room, statements)), "", "statements that are gathered")


PLANTED_TABLES = [
    ("CREATE TABLE stranger (key BIGINT NOT NULL PRIMARY KEY)", "stranger: has no mark"),
    ("CREATE UNIQUE INDEX planted ON record (register, origin)",
     "record: the unique index planted is without shard"),
    ("ALTER TABLE touched DROP CONSTRAINT touched_pkey, ADD PRIMARY KEY (record, shard)",
     "touched: its primary key does not begin with shard"),
    ("ALTER TABLE touched DROP CONSTRAINT touched_pkey", "touched: has no primary key"),
    ("CREATE FUNCTION f() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
     "CREATE TRIGGER planted BEFORE INSERT ON fact FOR EACH ROW EXECUTE FUNCTION f()",
     "fact: has the trigger planted"),
    ("ALTER TABLE history ADD FOREIGN KEY (shard, record) REFERENCES record",
     "history: has a foreign key to record"),
    ("CREATE SEQUENCE planted", "planted: is a sequence"),
    ("ALTER TABLE audit ADD COLUMN planted TEXT",
     "audit: column planted is not compared by bytes"),
    ("ALTER TABLE lease ALTER until SET DEFAULT EXTRACT(epoch FROM now())",
     "lease: the default of until is calculated"),
]


def test_planted_tables_are_found(room):
    filled(room)
    marks, _ = program_says(room)
    for text, wanted in PLANTED_TABLES:
        copy = server_database.create(server_database.name_of(room.db))
        room.made.append(copy)
        server_database.psql(copy, text)
        whole, room.db = room.db, copy
        tools.same(table_faults(room, marks), [wanted], f"what is found of {text}")
        room.db = whole


# text, number of parameters, said to ask every shard, what is found
PLANTED_STATEMENTS = [
    ("SELECT id FROM record WHERE shard = $1 AND unit = $2", 2, False, []),
    ("SELECT id FROM record WHERE unit = $1", 1, False,
     ["is not restricted to one shard: record"]),
    ("SELECT id FROM record WHERE shard = $1 OR unit = $2", 2, False,
     ["is not restricted to one shard: record"]),
    ("SELECT id FROM record WHERE shard > $1", 1, False,
     ["is not restricted to one shard: record"]),
    ("SELECT h.at FROM record r JOIN history h ON h.record = r.id WHERE r.shard = $1", 1, False,
     ["joins sharded tables but not on shard", "is not restricted to one shard: h"]),
    ("SELECT h.at FROM record r JOIN history h ON h.record = r.id", 0, True,
     ["joins sharded tables but not on shard"]),
    ("SELECT h.at FROM record r JOIN history h ON h.shard = r.shard AND h.record = r.id", 0, True,
     []),
    ("SELECT r.id, (SELECT MAX(h.at) FROM history h WHERE h.record = r.id) FROM record r "
     "WHERE r.shard = $1", 1, False, ["is not restricted to one shard: h"]),
    ("SELECT id FROM record WHERE code = $1 FOR UPDATE", 1, True,
     ["locks rows of more than one shard"]),
    ("SELECT id FROM record WHERE shard = $1 AND code = $2 FOR UPDATE", 2, True,
     ["is said to ask every shard and does not"]),
    ("UPDATE record SET unit = $1 WHERE id = $2", 2, False,
     ["is not restricted to one shard: record"]),
    ("UPDATE record SET shard = $1 WHERE shard = $2 AND id = $3", 3, False, ["changes shard"]),
    ("DELETE FROM fact WHERE record = $1", 1, False, ["is not restricted to one shard: fact"]),
    ("INSERT INTO touched (shard, record) SELECT u.shard, $1 FROM unit u", 1, False,
     ["inserts into a shard that is no parameter"]),
    ("WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) "
     "SELECT n FROM t", 0, False, ["is recursive"]),
    ("UPDATE lease SET until = EXTRACT(epoch FROM now())", 0, False,
     ["takes a time, a number or chance from the server"]),
]


def test_planted_statements_are_found(room):
    filled(room)
    marks, _ = program_says(room)
    for text, parameters, every_shard, wanted in PLANTED_STATEMENTS:
        statement = {"statement": "planted", "text": text, "parameters": parameters,
                     "every_shard": every_shard}
        tools.same(faults_of(room, [statement], marks), [f"planted: {fault}" for fault in wanted],
                   f"what is found of {text}")


NOTE = "INSERT INTO touched (shard, record) VALUES ($1, $2)"
# texts of statements that are gathered, what is found
PLANTED_GATHERED = [
    ([NOTE], []),
    ([NOTE, NOTE + " ON CONFLICT DO NOTHING"],
     ["planted: is gathered, and so is another one of its table"]),
    (["INSERT INTO touched (shard, record) VALUES ($1, $2 + 1)"],
     ["planted: is gathered and is not one row of parameters"]),
    ([NOTE + " ON CONFLICT (shard, record) DO UPDATE SET record = $2"],
     ["planted: is gathered and is not one row of parameters"]),
    ([NOTE + " RETURNING record"], ["planted: is gathered and is not one row of parameters"]),
]


def test_planted_rows_are_found(room):
    filled(room)
    for texts, wanted in PLANTED_GATHERED:
        statements = [{"statement": "planted", "text": text, "parameters": 2,
                       "two_rows": NOTE + ", ($3, $4)"} for text in texts]
        tools.same(list(gathered_faults(room, statements)), wanted, f"what is found of {texts}")


if __name__ == "__main__":
    tools.main(globals())
