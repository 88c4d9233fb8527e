"""What each account may see and do in the country of rights_country.py: tests/rights.tsv and
tests/rights_units.tsv, which people have written and read, evaluated in SQL on the database itself
over the units' spans, the roles and the records."""
import os

import tools
from rights_country import MEMBER, REGISTERS, TODAY, initial, leaves, makers, several

ACTIONS = ["figure", "row", "read", "record", "step", "person"]
WORK = ["send", "receive", "remind", "publish", "administer", "audit"]


def quoted(row):
    return "(" + ", ".join("NULL" if one is None else str(one) if isinstance(one, int) else
                           "'" + str(one).replace("'", "''") + "'" for one in row) + ")"


def values(name, columns, rows):
    return f"{name} ({columns}) AS (VALUES {', '.join(map(quoted, rows))})"


def read_table(name, keys, columns, cells):
    """Rows of the keys, a column and what its cell says, but for what is not given."""
    with open(os.path.join(tools.SOURCE, "tests", name), encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    tools.same(lines[0], keys + columns, f"the columns of {name}")
    found = []
    for line in lines[1:]:
        said = line[len(keys):]
        tools.holds(len(said) == len(columns) and set(said) <= cells, f"{name}: {line}")
        found += [(*line[:len(keys)], column, cell)
                  for column, cell in zip(columns, said) if cell != "no"]
    return found


def table():
    return read_table("rights.tsv", ["role", "relation", "visibility"], ACTIONS, {"yes", "no", "pack"})


def work_table():
    """What a role does with units as a whole. "head": where the unit of the role is the root, or
    stands right below it."""
    return read_table("rights_units.tsv", ["role", "relation"], WORK, {"yes", "no", "head"})


def named_in(kind):
    """SQL: what the fields of a kind say of records; persons in lists are in no case of their own."""
    found = []
    for reg, one in REGISTERS.items():
        for path, field, _ in leaves(one["fields"], reg):
            if field["kind"] != kind or (kind == "person" and "." in path):
                continue
            name, _, column = path.rpartition(".")
            source = f"r_{reg}_{name}" if name else f"r_{reg}"
            found.append(f"SELECT shard, id, {column} AS named FROM {source} "
                         f"WHERE {column} IS NOT NULL")
    return " UNION ".join(found)


def common(room):
    people = room.sql("SELECT login, origin FROM account, person "
                      "WHERE (login = 'dang_vien_cb' AND origin = ?) OR (login = 'chi_bo_x1' "
                      "AND origin = ?)", "p-" + MEMBER, "p-ta.x1")
    codes = dict(room.sql("SELECT origin, code FROM person"))
    parts = [
        values("rights", "role, relation, visibility, action, given", table()),
        values("makes", "register, role", [(reg, role) for reg in REGISTERS for role in makers(reg)]),
        values("steps", "register, verb, leaves, role",
               [(reg, step["do"], state, role) for reg, one in REGISTERS.items()
                for step in one["transitions"] for state in several(step["from"])
                for role in several(step["by"])]),
        values("registers", "register, visibility",
               [(reg, one["visibility"]) for reg, one in REGISTERS.items()]),
        values("oneself", "login, person", [(login, codes[origin]) for login, origin in people]),
        f"standing (unit, parent, code) AS (SELECT unit, parent, code FROM unit_span "
        f"WHERE from_day <= {TODAY} AND {TODAY} <= to_day)",
        f"place (unit, place) AS (SELECT unit, unit FROM standing UNION SELECT unit, other "
        f"FROM unit_event WHERE kind = 'merge' AND day <= {TODAY})",
        "above (unit, ancestor) AS (SELECT unit, parent FROM standing WHERE parent IS NOT NULL "
        "UNION SELECT a.unit, s.parent FROM above a JOIN standing s ON s.unit = a.ancestor "
        "WHERE s.parent IS NOT NULL)",
        f"held (login, account, role, unit) AS (SELECT a.login, a.id, g.role, p.place "
        f"FROM account a JOIN role_grant g ON g.account = a.id JOIN place p ON p.unit = g.unit "
        f"WHERE g.from_day <= {TODAY} AND {TODAY} <= g.to_day)",
        "related (login, account, role, own, unit, relation) AS (SELECT h.login, h.account, h.role, "
        "h.unit, p.unit, CASE WHEN p.place = h.unit THEN 'own' WHEN EXISTS (SELECT 1 FROM above a "
        "WHERE a.unit = p.place AND a.ancestor = h.unit) THEN 'below' WHEN EXISTS (SELECT 1 "
        "FROM above a WHERE a.unit = h.unit AND a.ancestor = p.place) THEN 'above' END "
        "FROM held h CROSS JOIN place p)",
        "takes (register, role) AS (SELECT DISTINCT register, role FROM steps)",
        values("work", "role, relation, act, given", work_table()),
    ]
    return "WITH RECURSIVE " + ",\n".join(parts)


GIVEN = ("(x.given = 'yes' OR (x.action = 'record' AND EXISTS (SELECT 1 FROM makes m WHERE "
         "m.register = {reg} AND m.role = {role})) OR (x.action <> 'record' AND EXISTS (SELECT 1 "
         "FROM takes t WHERE t.register = {reg} AND t.role = {role})))")


def of_units(room):
    """(login, unit, register, action) by the place of units alone, and who stands how to a unit."""
    head = common(room)
    given = GIVEN.format(reg="g.register", role="r.role")
    rights = set(room.sql(
        f"{head} SELECT r.login, u.code, g.register, x.action FROM related r "
        f"JOIN (SELECT unit, max(code) AS code FROM unit_span GROUP BY unit) u ON u.unit = r.unit "
        f"CROSS JOIN registers g JOIN rights x ON x.role = r.role AND x.relation = r.relation "
        f"AND x.visibility = g.visibility WHERE {given}"))
    relations = set(room.sql(
        f"{head} SELECT r.login, u.code, r.relation FROM related r JOIN (SELECT unit, max(code) "
        f"AS code FROM unit_span GROUP BY unit) u ON u.unit = r.unit WHERE r.relation IS NOT NULL"))
    return rights, relations


def of_records(room):
    """(login, code of the record, action), and "step VERB" for each step out of its state."""
    head = common(room)
    closed = ("EXISTS (SELECT 1 FROM reader k WHERE k.shard = c.shard AND k.record = c.id) "
              "AND NOT EXISTS (SELECT 1 FROM reader k WHERE k.shard = c.shard AND k.record = c.id "
              "AND k.account = r.account)")
    by_place = GIVEN.format(reg="c.register", role="r.role")
    by_record = GIVEN.format(reg="c.register", role="h.role")
    got = (
        f"SELECT r.login, r.role, c.code, c.register, c.state, x.action FROM related r "
        f"JOIN record c ON c.unit = r.unit JOIN rights x ON x.role = r.role "
        f"AND x.relation = r.relation AND x.visibility = c.visibility "
        f"WHERE {by_place} AND (x.action IN ('figure', 'row') OR NOT ({closed})) "
        f"UNION SELECT h.login, h.role, c.code, c.register, c.state, x.action FROM held h "
        f"JOIN place p ON p.place = h.unit JOIN ({named_in('unit')}) n ON n.named = p.unit "
        f"JOIN record c ON c.shard = n.shard AND c.id = n.id JOIN rights x ON x.role = '*' "
        f"AND x.relation = 'named' AND x.visibility = c.visibility WHERE {by_record} "
        f"UNION SELECT h.login, h.role, c.code, c.register, c.state, x.action FROM held h "
        f"JOIN oneself o ON o.login = h.login JOIN ({named_in('person')}) n ON n.named = o.person "
        f"JOIN record c ON c.shard = n.shard AND c.id = n.id JOIN rights x ON x.role = '*' "
        f"AND x.relation = 'self' AND x.visibility = c.visibility WHERE {by_record} "
        f"UNION SELECT h.login, h.role, c.code, c.register, c.state, x.action FROM held h "
        f"JOIN reader k ON k.account = h.account JOIN record c ON c.shard = k.shard "
        f"AND c.id = k.record JOIN rights x ON x.role = '*' AND x.relation = 'reader' "
        f"AND x.visibility = c.visibility")
    found = set(room.sql(f"{head}, got AS ({got}) SELECT DISTINCT login, code, action FROM got"))
    found |= set(room.sql(
        f"{head}, got AS ({got}) SELECT DISTINCT g.login, g.code, 'step ' || s.verb FROM got g "
        f"JOIN steps s ON s.register = g.register AND s.leaves = g.state AND s.role = g.role "
        f"WHERE g.action = 'step'"))
    return found


def of_work(room):
    """(login, unit, act): what the accounts do with units as a whole."""
    return set(room.sql(
        f"{common(room)} SELECT DISTINCT r.login, u.code, w.act FROM related r JOIN (SELECT unit, "
        f"max(code) AS code FROM unit_span GROUP BY unit) u ON u.unit = r.unit JOIN work w "
        f"ON w.role = r.role AND w.relation = r.relation WHERE w.given = 'yes' OR EXISTS (SELECT 1 "
        f"FROM standing s WHERE s.unit = r.own AND (s.parent IS NULL OR EXISTS (SELECT 1 "
        f"FROM standing p WHERE p.unit = s.parent AND p.parent IS NULL)))"))


def of_accounts(room):
    """(login, other, "seen" or "whole"): whose accounts an administrator sees, and which have no
    role outside."""
    outside = ("EXISTS (SELECT 1 FROM held h WHERE h.account = b.id AND NOT EXISTS (SELECT 1 "
               "FROM mine m WHERE m.login = a.login AND m.unit = h.unit))")
    inside = "EXISTS (SELECT 1 FROM held h JOIN mine m ON m.unit = h.unit WHERE h.account = b.id "
    head = (f"{common(room)}, mine (login, unit) AS (SELECT r.login, r.unit FROM related r JOIN work w "
            f"ON w.role = r.role AND w.relation = r.relation AND w.act = 'administer'), top (login) "
            f"AS (SELECT m.login FROM mine m JOIN standing s ON s.unit = m.unit "
            f"WHERE s.parent IS NULL)")
    top = "a.login IN (SELECT t.login FROM top t)"
    seen = f"({top} OR {inside} AND m.login = a.login))"
    return set(room.sql(
        f"{head} SELECT a.login, b.login, 'seen' FROM account a CROSS JOIN account b WHERE {seen} "
        f"UNION SELECT a.login, b.login, 'whole' FROM account a CROSS JOIN account b "
        f"WHERE {seen} AND ({top} OR NOT {outside})"))
