"""chithi init --distribute: is every table handed to Citus as its mark says, while it is empty and in
an order that Citus takes? Citus is not on the machine: functions of its names stand in for it, which
write down how they are called and refuse what Citus would refuse. They spread nothing."""
import os
import shutil
import subprocess

import tools

import server_database

MAU = os.path.join(tools.SOURCE, "packs", "nghi-quyet-mau")
STAND_IN = """
CREATE SCHEMA stand_in;
CREATE TABLE stand_in.handed (
    n SERIAL, name TEXT PRIMARY KEY, shard TEXT, beside TEXT, tree OID
);
CREATE FUNCTION stand_in.refuse(bad BOOLEAN, what TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    IF bad THEN
        RAISE EXCEPTION '%', what;
    END IF;
END $$;
CREATE FUNCTION stand_in.look(made REGCLASS) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    has_rows BOOLEAN;
BEGIN
    EXECUTE 'SELECT EXISTS (SELECT 1 FROM ' || made || ')' INTO has_rows;
    PERFORM stand_in.refuse(has_rows, made || ' is not empty');
    PERFORM stand_in.refuse(EXISTS (SELECT 1 FROM pg_constraint
        WHERE contype = 'f' AND conrelid = made), made || ' has a foreign key');
    PERFORM stand_in.refuse(EXISTS (SELECT 1 FROM stand_in.handed WHERE tree = made),
        made || ' is handed over twice');
    PERFORM stand_in.refuse(current_setting('citus.multi_shard_modify_mode', true)
        IS DISTINCT FROM 'sequential', 'over several connections');
END $$;
CREATE FUNCTION create_reference_table(made REGCLASS) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM stand_in.look(made);
    INSERT INTO stand_in.handed (name, tree) VALUES (made, made)
    ON CONFLICT (name) DO UPDATE SET tree = excluded.tree, n = excluded.n;
END $$;
CREATE FUNCTION create_distributed_table(made REGCLASS, distribution_column TEXT,
    distribution_type TEXT DEFAULT 'hash', colocate_with TEXT DEFAULT 'default')
RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM stand_in.look(made);
    PERFORM stand_in.refuse(EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = made
        AND i.indisunique AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = made
            AND a.attnum = ANY (i.indkey) AND a.attname = distribution_column)),
        made || ' has a unique index without ' || distribution_column);
    PERFORM stand_in.refuse(colocate_with <> 'none' AND NOT EXISTS (SELECT 1 FROM stand_in.handed
        WHERE name = colocate_with AND shard IS NOT NULL), colocate_with || ' is not there yet');
    INSERT INTO stand_in.handed (name, shard, beside, tree)
    VALUES (made, distribution_column, colocate_with, made)
    ON CONFLICT (name) DO UPDATE SET tree = excluded.tree, n = excluded.n;
END $$;
"""


def on_server(room):
    if not tools.ON_SERVER:
        raise tools.Skip("only where the tests run on a server")


def stand_in(room):
    on_server(room)
    server_database.psql(room.db, STAND_IN)


def handed(room):
    """What was handed over and is still there: name, by which column, beside which table."""
    return room.sql("SELECT h.name, h.shard, h.beside FROM stand_in.handed h "
                    "JOIN pg_class c ON c.oid = h.tree ORDER BY h.n")


def whole(room):
    """Every table but the one that is of the committing server is handed over."""
    names = sorted(name for name, _, _ in handed(room))
    tools.same(names, sorted(set(room.tables()) - {"commit_mark"}), "tables handed over")


def copy(origin, target, *more):
    done = subprocess.run([tools.BINARY, "copy", "--from", origin.db, "--to", target.db, *more],
                          capture_output=True, timeout=tools.TIME_LIMIT, check=False)
    tools.same(done.returncode, 0, done.stderr.decode())


def test_without_citus_nothing_is_changed(room):
    on_server(room)
    tools.has(room.run("init", "--distribute", code=1).err, "citus", "CREATE EXTENSION citus")
    tools.same(room.tables(), [], "tables")


def test_a_file_is_refused(room):
    room.db = room.path("test.db")
    tools.has(room.run("init", "--distribute", code=1).err, "postgresql://", "là tệp")
    tools.holds(not os.path.exists(room.db), "a file was made")


def test_every_table_is_handed_over(room):
    stand_in(room)
    room.run("init", "--distribute")
    found = handed(room)
    whole(room)
    reference = [name for name, shard, _ in found if shard is None]
    sharded = [(name, beside) for name, shard, beside in found if shard == "shard"]
    tools.same(len(reference) + len(sharded), len(found), "tables by reference and by shard")
    for name in ("meta", "unit", "unit_span", "period", "directive"):
        tools.holds(name in reference, f"{name} is no reference table")
    tools.same(sharded[0], ("record", "none"), "the first sharded table")
    tools.same({beside for _, beside in sharded[1:]}, {"record"}, "what the others lie beside")
    for name in ("fact", "person", "blob", "search", "r_ktgs", "r_ktgs_doi_tuong"):
        tools.holds((name, "record") in sharded, f"{name} is not sharded")


def test_init_again_changes_nothing(room):
    stand_in(room)
    room.run("init", "--distribute")
    before = room.everything()
    for words in (["init", "--distribute"], ["init"]):
        tools.has(room.run(*words).err, "Gói không thay đổi.")
        tools.same(room.everything(), before, "what is in the tables")


def test_a_database_with_tables_is_refused(room):
    stand_in(room)
    room.run("init")
    before = room.everything()
    tools.has(room.run("init", "--distribute", code=1).err, "đã có bảng", "chithi copy")
    tools.same(room.everything(), before, "what is in the tables")
    tools.same(handed(room), [], "tables handed over")


def test_a_copy_and_a_restore_are_handed_over(room):
    """Before they are filled, of whichever database they are made."""
    stand_in(room)
    origin = room.other("origin.db")
    origin.run("demo")
    origin.run("backup", "-o", room.path("rows"), "--rows")
    copy(origin, room, "--distribute")
    restored = origin.other("restored.db")
    stand_in(restored)
    restored.run("restore", room.path("rows"), "--distribute")
    for made in (room, restored):
        whole(made)
        tools.same(made.run("dump").out, origin.run("dump").out, "what is in it")
        made.run("pack", "apply", MAU)
        whole(made)
    back = origin.other("back.db")
    stand_in(back)
    copy(restored, back)
    back.run("pack", "apply", MAU)
    tools.same(handed(back), [], "tables handed over in a copy that is not distributed")


def test_the_program_works_and_new_tables_follow(room):
    """Of a pack that is applied, and of one whose tables are made anew with what is in them."""
    stand_in(room)
    room.run("init", "--distribute")
    room.run("demo")
    room.check()
    room.run("pack", "apply", MAU)
    whole(room)
    pack = shutil.copytree(tools.PACK, room.path("pack"))
    path = os.path.join(pack, "registers", "ktgs.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("\nfields:\n", "\nfields:\n  moi: { kind: text, label: Mới }\n", 1))
    first = dict((name, tree) for name, tree in room.sql("SELECT name, tree FROM stand_in.handed"))
    tools.has(room.run("pack", "apply", pack).err, "1 sổ thay đổi")
    second = dict((name, tree) for name, tree in room.sql("SELECT name, tree FROM stand_in.handed"))
    tools.same(sorted(name for name in second if first[name] != second[name]),
               sorted(name for name in second if name == "r_ktgs" or name.startswith("r_ktgs_")),
               "the tables that were made anew")
    whole(room)
    room.check()


if __name__ == "__main__":
    tools.main(globals())
