"""A server that is killed with kill -9 while sixteen writers write: what it has answered is there, what
it has not answered is there once or not at all, and whoever asks again gets the answer.

CHITHI_KILLS sets how often it is killed, CHITHI_SEED the moments. CHITHI_KILL_DB names a database
(an empty one, to be filled with the demo) other than a fresh file.
"""
import http.client
import itertools
import os
import random
import re
import threading
import time

import tools

WRITERS = 16
KILLS = int(os.environ.get("CHITHI_KILLS", "20"))
SEED = int(os.environ.get("CHITHI_SEED", "5"))
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
STEPS = ("create", "move", "void")
RANGE = ("bt.tp", "2016-05-15", "2019-06-30")
GONE = (OSError, http.client.HTTPException)  # the server was killed before it could answer


class Case:
    """A sample inspection: made, concluded, and some of them struck out. `done` steps are answered."""

    def __init__(self, token):
        self.token = token
        self.path = None
        self.done = 0
        self.last = 3 if token % 3 == 0 else 2

    def ask(self, connection):
        """Send the next step; the same again is the same step."""
        if self.done == 0:
            connection.request("POST", "/mo_phong/kiem_tra", f"token={self.token}", FORM)
        else:
            verb = "ket_luan" if self.done == 1 else "huy"
            connection.request("POST", f"{self.path}/{verb}", f"version={self.done}", FORM)
        answer = connection.getresponse()
        body = answer.read().decode()
        tools.same(answer.status, 303, f"step {self.done + 1} of case {self.token}:\n{body}")
        path = answer.getheader("Location").split("?")[0]
        tools.same(path, self.path or path, "the record")
        self.path = path
        self.done += 1

    def is_done(self):
        return self.done == self.last

    def look(self, server):
        """Is all that was answered on its page, version by version? One step more may be there."""
        found = server.get(self.path + ".json")
        versions = [version["action"] for version in reversed(found["history"])]
        tools.same(tuple(versions[:self.done]), STEPS[:self.done], f"the history of {self.path}")
        tools.holds(len(versions) <= self.done + 1, f"{self.path}: one step too many")
        tools.same(found["record"]["version"], len(versions), f"the version of {self.path}")


class Writer(threading.Thread):
    """Takes its cases one step after another, until the server is gone or it is told to end."""

    def __init__(self, server, cases, tokens, ends):
        super().__init__()
        self.server, self.cases, self.tokens, self.ends = server, cases, tokens, ends
        self.wrong = None

    def next_case(self):
        if not self.cases or self.cases[-1].is_done():
            if self.ends:
                return None
            self.cases.append(Case(next(self.tokens)))
        return self.cases[-1]

    def run(self):
        connection = self.server.connect()
        try:
            while (case := self.next_case()) is not None:
                case.ask(connection)
        except GONE as gone:
            if self.ends:
                self.wrong = gone
        except Exception as wrong:  # told by who waits for the thread
            self.wrong = wrong
        connection.close()


def write(server, cases, tokens, moment):
    """All writers at once; after so many seconds the server is killed, or with None nobody is."""
    writers = [Writer(server, own, tokens, moment is None) for own in cases]
    for writer in writers:
        writer.start()
    if moment is not None:
        time.sleep(moment)
        server.kill()
    for writer in writers:
        writer.join()
    for writer in writers:
        if writer.wrong is not None:
            raise writer.wrong


def database(room):
    if "CHITHI_KILL_DB" in os.environ:
        room.db = os.environ["CHITHI_KILL_DB"]
        room.run("demo")
    else:
        room.demo()


def records(room):
    """How many there are, by a check that finds nothing wrong."""
    said = room.run("check").err
    tools.has(said, ": 0 sai lệch.")
    return int(re.search(r"([0-9.]+) hồ sơ", said)[1].replace(".", ""))


def look_at_all(room, cases):
    """Is everything that was answered in the database, version by version, and nothing else? Past the
    program: the page of a record also sums up its unit, where all these records are."""
    found = {}
    for code, version, number, action in room.sql(
            "SELECT r.code, r.version, h.version, h.action FROM record r JOIN history h "
            "ON h.shard = r.shard AND h.record = r.id ORDER BY r.code, h.version"):
        found.setdefault(code, []).append((version, number, action))
    for case in cases:
        wanted = [(case.done, number, step) for number, step in enumerate(STEPS[:case.done], 1)]
        tools.same(found.get(case.path.rsplit("/", 1)[1]), wanted, f"the versions of {case.path}")


def test_what_a_killed_server_has_answered_is_there(room):
    database(room)
    chance = random.Random(SEED)
    counted, kept = room.figure("kt_tcd", *RANGE), records(room)
    cases = [[] for _ in range(WRITERS)]
    tokens = itertools.count(1)
    for number in range(KILLS):
        server = tools.Server(room)
        if number % 5 == 4:  # while it starts
            time.sleep(chance.uniform(0, 0.03))
            server.kill()
            continue
        server.wait()
        for own in cases:
            for case in own[-2:]:
                if case.path is not None:
                    case.look(server)
        # now and then long enough for a round of folding
        write(server, cases, tokens, chance.uniform(0, 1.5 if number % 10 == 9 else 0.4))
    with tools.Server(room) as server:
        write(server, cases, tokens, None)
    done = [case for own in cases for case in own]
    look_at_all(room, done)
    tools.holds(len(done) > KILLS, f"only {len(done)} cases were written")
    tools.same(room.figure("kt_tcd", *RANGE), counted + sum(case.last == 2 for case in done),
               "each concluded case counts once")
    tools.same(records(room), kept + len(done), "records")
    print(f"{KILLS} kills, {sum(case.done for case in done)} writes answered")


if __name__ == "__main__":
    tools.main(globals())
