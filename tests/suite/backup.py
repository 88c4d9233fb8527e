"""Backups while everybody writes, and a shipped folder when the machine is gone: what comes back passes
the check and has all that was answered by then.

CHITHI_DRILLS sets how often a backup is made and restored (20 is a whole run), CHITHI_KILLS how often
the shipping server is killed, CHITHI_SEED the moments.
"""
import hashlib
import itertools
import os
import random
import shutil
import threading
import time

import tools
from kill import GONE, Case

DRILLS = int(os.environ.get("CHITHI_DRILLS", "2" if tools.ON_SERVER else "5"))
KILLS = int(os.environ.get("CHITHI_KILLS", "3"))
SEED = int(os.environ.get("CHITHI_SEED", "5"))
WRITERS = 8
PROMISE = 1.0  # seconds of work that may go with the machine


class Writer(threading.Thread):
    """Makes sample inspections one after another and notes when each was answered, until it is told to
    stop or the server is gone."""

    def __init__(self, server, tokens):
        super().__init__()
        self.server, self.tokens = server, tokens
        self.answered = []  # (moment, code)
        self.stopping, self.wrong = False, None

    def run(self):
        connection = self.server.connect()
        try:
            while not self.stopping:
                case = Case(next(self.tokens))
                case.ask(connection)
                self.answered.append((time.monotonic(), case.path.rsplit("/", 1)[1]))
        except GONE as gone:
            self.wrong = None if self.stopping else gone
        except Exception as wrong:  # told by who waits for the thread
            self.wrong = wrong
        connection.close()


def begin(server, tokens):
    writers = [Writer(server, tokens) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    return writers


def end(writers):
    for writer in writers:
        writer.join()
    for writer in writers:
        if writer.wrong is not None:
            raise writer.wrong


def answered(writers, moment):
    """The codes of what was answered before a moment."""
    return {code for writer in writers for at, code in list(writer.answered) if at < moment}


def restored(room, source, name="restored.db"):
    """Another database, made of a backup; the restore ends in the check."""
    second = room.other(name)
    tools.has(second.run("restore", source).err, ": 0 sai lệch.")
    return second


def has_all(second, wanted, what):
    found = {code for (code,) in second.sql("SELECT code FROM record")}
    lost = sorted(wanted - found)
    tools.same((len(lost), lost[:3]), (0, []), f"records of {what}, answered and not there")
    second.check()


def stop(writers):
    for writer in writers:
        writer.stopping = True
    end(writers)


def test_drills_while_everybody_writes(room):
    """Each on a database of its own: what is written while a backup is made and recounted makes the
    next one take longer, in which more is written."""
    tokens, count = itertools.count(1), 0
    for number in range(DRILLS):
        room.demo()
        with tools.Server(room) as server:
            writers = begin(server, tokens)
            time.sleep(0.2)
            before = answered(writers, time.monotonic())
            words = ["--rows"] if number % 2 else []
            file = room.path(f"{number}.backup")
            tools.has(room.run("backup", "-o", file, *words).err, ": 0 sai lệch.")
            stop(writers)
        has_all(restored(room, file, f"{number}.db"), before, f"drill {number}")
        count += len(before)
    tools.holds(count > DRILLS, f"only {count} records were written")
    print(f"{DRILLS} drills, {count} records answered before a backup")


def test_what_was_shipped_when_the_server_is_killed(room):
    if tools.ON_SERVER:
        raise tools.Skip("a database on a server is not shipped")
    chance = random.Random(SEED)
    tokens = itertools.count(1)
    room.demo()
    os.makedirs(room.path("ship"))
    for number in range(KILLS):
        server = tools.Server(room, "--ship", room.path("ship"))
        server.wait()
        writers = begin(server, tokens)
        time.sleep(chance.uniform(1.2, 3))
        for writer in writers:
            writer.stopping = True
        moment = time.monotonic()
        server.kill()
        end(writers)
        wanted = answered(writers, moment - PROMISE)
        tools.holds(wanted, "nothing was answered")
        has_all(restored(room, room.path("ship"), f"{number}.db"), wanted, f"kill {number}")
    print(f"{KILLS} kills, {len(wanted)} records answered long enough before the last")


def digest(room):
    return hashlib.sha256(room.run("dump").out.encode()).hexdigest()


def test_a_log_that_comes_round_many_times(room):
    """An import, and what a server that ends has shipped is everything."""
    if tools.ON_SERVER:
        raise tools.Skip("a database on a server is not shipped")
    room.demo()
    os.makedirs(room.path("ship"))
    header = "unit\tstate\tso_quyet_dinh\tloai\tchu_the\tcap\tngay_ket_luan\tdoi_tuong.kieu\t" \
        "doi_tuong.so_luong\n"
    lines = "".join(f"bt.tp.db{1 + i % 30:02}\tket_luan\t{i}-QĐ/ĐU\tkiem_tra_chap_hanh\tcap_uy\t"
                    f"co_so\t{1 + i % 28:02}/03/2018\ttcd\t{1 + i % 9}\n" for i in range(40000))
    with tools.Server(room, "--ship", room.path("ship")) as server:
        writers = begin(server, itertools.count(1))
        room.run("record", "import", "ktgs", room.write("many.tsv", header + lines))
        stop(writers)
    second = restored(room, room.path("ship"))
    tools.same(digest(second), digest(room), "what was shipped")


def unshipped_since(server):
    """What the first page says, to people and as JSON."""
    since = server.get("/.json")["unshipped_since"]
    tools.same("Sao liên tục không ghi được" in server.page("/"), since is not None, "the page")
    return since


def test_a_folder_that_is_away(room):
    """Nobody is kept from working, whoever opens the first page is told, and what was missed is made up
    for."""
    if tools.ON_SERVER:
        raise tools.Skip("a database on a server is not shipped")
    room.demo()
    os.makedirs(room.path("ship"))
    with tools.Server(room, "--ship", room.path("ship")) as server:
        tools.same(unshipped_since(server), None, "while it works")
        shutil.rmtree(room.path("ship"))
        writers = begin(server, itertools.count(1))
        time.sleep(1.5)
        stop(writers)
        tools.holds(answered(writers, time.monotonic()), "nothing was answered")
        tools.holds(unshipped_since(server) is not None, "nobody is told that nothing is shipped")
        os.makedirs(room.path("ship"))
        time.sleep(1.5)
        tools.same(unshipped_since(server), None, "when it works again")
    second = restored(room, room.path("ship"))
    tools.same(digest(second), digest(room), "what was shipped")


def test_refusals(room):
    if tools.ON_SERVER:
        raise tools.Skip("of files")
    room.demo()
    file, second = room.path("a.backup"), room.other("second.db")
    room.run("backup", "-o", file, "--quick")
    tools.has(room.run("backup", "-o", room.path("none", "a.backup"), code=1).err, "none/a.backup")
    tools.has(second.run("restore", room.path("none"), code=1).err, "none")
    tools.has(second.run("restore", room.folder, code=1).err, "bản sao liên tục")
    tools.has(second.run("restore", room.write("no.backup", "x" * 5000), code=1).err,
              "không phải là bản sao lưu")
    with open(file, "rb") as backup:
        cut = backup.read()[:-1]
    tools.has(second.run("restore", room.write("cut.backup", cut), code=1).err, "không trọn vẹn")
    tools.holds(not os.path.exists(second.db), "a refused restore leaves a database")
    tools.same([name for name in os.listdir(room.folder) if ".part" in name], [], "files left")
    second.run("restore", file)
    tools.has(second.run("restore", file, code=1).err, "không ghi đè")


def test_copies_are_alike(room):
    room.demo()
    second, third = room.other("second.db"), room.other("third.db")
    for source, target in ((room, second), (second, third)):
        done = source.run("copy", "--from", source.db, "--to", target.db)
        tools.has(done.err, ": 0 sai lệch.")
    tools.same(digest(third), digest(room), "a copy of a copy")
    tools.same(third.json("search", "quy chế", "--limit", "5"),
               room.json("search", "quy chế", "--limit", "5"), "what is found")
    third.run("period", "add", "moi", "Mới", "--from", "2026-01-01", "--to", "2026-01-31")


if __name__ == "__main__":
    tools.main(globals())
