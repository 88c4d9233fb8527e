"""Does who gets hold of the database, or of a backup, get no secrets of authenticators, and does who has
lost the key find the way out that the messages tell?"""
import os
import stat

import tools

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def key_of(room):
    """A key of this test's own, also where one for all databases of the server is there."""
    if not tools.ON_SERVER:
        return room.db + ".key"
    return room.path("key")


def options(room):
    return ["--data-key", key_of(room)] if tools.ON_SERVER else []


def with_secret(room):
    """A database that an earlier version has left, with a secret in clear."""
    room.run("init", *options(room))
    room.run("user", "add", "lan", "--name", "Nguyễn Thị Lan")
    room.alter("UPDATE account SET totp = ?", SECRET)


def stored(room):
    return room.sql("SELECT totp FROM account")[0][0]


def files_of(room):
    return [os.path.join(folder, name) for folder, _, names in os.walk(room.folder) for name in names]


def test_init_makes_a_key_and_encrypts_what_stands_in_clear(room):
    with_secret(room)
    mode = stat.S_IMODE(os.stat(key_of(room)).st_mode)
    tools.same(oct(mode), oct(0o600), "the mode of the key's file")
    tools.has(room.run("serve", "--listen", "127.0.0.1:0", *options(room), code=1).err, "chithi init")
    room.run("init", *options(room))
    tools.holds(SECRET not in stored(room), "the secret stands in the database")
    for path in files_of(room):
        with open(path, "rb") as file:
            tools.holds(SECRET.encode() not in file.read(), f"the secret stands in {path}")
    before = stored(room)
    room.run("init", *options(room))
    tools.same(stored(room), before, "what stands encrypted after another init")
    with tools.Server(room, *options(room)):
        pass


def test_a_backup_holds_neither_secret_nor_key(room):
    with_secret(room)
    room.run("init", *options(room))
    with open(key_of(room), encoding="ascii") as file:
        key = file.read().strip()
    for words in ([], ["--rows"]):
        backup = room.path("a.backup")
        room.run("backup", "-o", backup, *words)
        with open(backup, "rb") as file:
            content = file.read()
        for what in (SECRET, key):
            tools.holds(what.encode() not in content, f"{what} stands in the backup {words}")


def test_without_its_key_a_database_is_not_served_and_says_the_way_out(room):
    with_secret(room)
    room.run("init", *options(room))
    kept = room.path("kept")
    os.rename(key_of(room), kept)
    for words in (["serve", "--listen", "127.0.0.1:0"], ["init"]):
        tools.has(room.run(*words, *options(room), code=1).err, "lan", "1 tài khoản", "--lost")
    tools.holds(not os.path.exists(key_of(room)), "init made a key beside secrets of another")
    with tools.Server(room, "--data-key", kept):
        pass
    tools.has(room.run("user", "totp-off", "--lost", "--data-key", kept).err, " 0 tài khoản")
    tools.has(room.run("user", "totp-off", "--lost", *options(room)).err, " 1 tài khoản")
    tools.same(stored(room), None, "what is left of the secret")
    room.run("init", *options(room))
    with tools.Server(room, *options(room)):
        pass


def test_another_key_is_refused(room):
    with_secret(room)
    room.run("init", *options(room))
    other = room.write("other", "0123456789abcdef" * 4 + "\n")
    os.chmod(other, 0o600)
    before = stored(room)
    for words in (["serve", "--listen", "127.0.0.1:0"], ["init"]):
        tools.has(room.run(*words, "--data-key", other, code=1).err, other, "lan")
    tools.same(stored(room), before, "what stands encrypted")
    os.chmod(other, 0o644)
    tools.has(room.run("init", "--data-key", other, code=1).err, "chmod 600")


def test_a_server_s_database_needs_a_key_only_where_there_are_secrets(room):
    if not tools.ON_SERVER:
        raise tools.Skip("a file has its key beside it")
    named = os.environ.pop("CHITHI_DATA_KEY", None)
    try:
        room.run("init")
        room.run("user", "add", "lan", "--name", "Nguyễn Thị Lan")
        with tools.Server(room):
            pass
        room.alter("UPDATE account SET totp = ?", SECRET)
        tools.has(room.run("init", code=1).err, "CHITHI_DATA_KEY")
        os.environ["CHITHI_DATA_KEY"] = key_of(room)
        room.run("init")
        tools.holds(SECRET not in stored(room), "the secret stands in the database")
        del os.environ["CHITHI_DATA_KEY"]
        before = stored(room)
        tools.has(room.run("user", "totp-off", "--lost", code=1).err, "--data-key")
        tools.same(stored(room), before, "the secret after a key was not named")
    finally:
        os.environ.pop("CHITHI_DATA_KEY", None)
        if named is not None:
            os.environ["CHITHI_DATA_KEY"] = named


if __name__ == "__main__":
    tools.main(globals())
