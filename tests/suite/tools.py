"""What the programs of this folder share: the binary under test, a folder and a database for each
test, and a run that goes on after a failure and tells all of them.

A program holds functions test_NAME(room) and ends with tools.main(globals()). It exits 0, 1 when
something is wrong, or 77 when nothing could be looked at, with the reason on a line of its own.
"""
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import server_database  # noqa: E402
SOURCE = os.path.abspath(os.environ.get("CHITHI_SOURCE", os.path.join(HERE, "..", "..")))
BINARY = os.path.abspath(os.environ.get("CHITHI_BINARY", os.path.join(SOURCE, "build", "chithi")))
SHARED = os.path.abspath(os.environ.get("CHITHI_SHARED", os.path.join(SOURCE, "..", "shared")))
PACK = os.path.join(SOURCE, "packs", "chi-thi-05")
TIME_LIMIT = 300  # seconds for one command: many times what the slowest needs under sanitizers


class Wrong(Exception):
    """What was found is not what should be."""


class Skip(Exception):
    """Something that the test needs is not on this machine."""


def same(found, wanted, what):
    if found != wanted:
        raise Wrong(f"{what}:\n  found  {found!r}\n  wanted {wanted!r}")


def holds(fact, what):
    if not fact:
        raise Wrong(what)


def has(text, *parts):
    for part in parts:
        holds(part in text, f"{part!r} does not stand in:\n{text}")


def shared(*names):
    """The path of a file of the shared data, which is not in the source tree."""
    path = os.path.join(SHARED, *names)
    if not os.path.exists(path):
        raise Skip(f"no {os.path.join(*names)} in CHITHI_SHARED")
    return path


class Done:
    """How a command ended."""

    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err

    def rows(self):
        """TSV with a header line, as dictionaries."""
        lines = [line.split("\t") for line in self.out.splitlines()]
        return [dict(zip(lines[0], line)) for line in lines[1:]]

    def faults(self, file):
        """The faults of a file as (line, column, message)."""
        found = []
        for line in self.err.splitlines():
            if line.startswith(file + ":"):
                place, _, message = line[len(file) + 1:].partition(" ")
                numbers = [int(part) for part in place.strip(":").split(":")]
                found.append((numbers[0], numbers[1] if len(numbers) > 1 else 0, message))
        return found


ON_SERVER = bool(server_database.ADDRESS)


class Room:
    """A folder with a database that belongs to one test: a file in it, or one on the server of
    CHITHI_TEST_SERVER."""

    def __init__(self, folder, name="test.db"):
        self.folder = folder
        self.made = [server_database.create()] if ON_SERVER else []
        self.db = self.made[0] if ON_SERVER else self.path(name)

    def other(self, name):
        """A room in the same folder with another empty database, which goes with this one's."""
        second = Room(self.folder, name)
        self.made += second.made
        return second

    def is_made(self):
        """Has the program put anything into the database?"""
        return bool(self.tables()) if ON_SERVER else os.path.exists(self.db)

    def close(self):
        for address in self.made:
            server_database.drop(address)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, content):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def command(self, *words):
        return [BINARY, *words, "--db", self.db]

    def start(self, *words, **more):
        """A command that runs beside the test."""
        return subprocess.Popen(self.command(*words), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **more)

    def run(self, *words, code=0):
        """Run to the end; any other exit code than the one that is wanted is wrong."""
        done = subprocess.run(self.command(*words), capture_output=True, timeout=TIME_LIMIT,
                              check=False)
        out, err = done.stdout.decode(), done.stderr.decode()
        if done.returncode != code:
            raise Wrong(f"chithi {' '.join(words)}: exit {done.returncode}, not {code}\n{err}")
        return Done(words, code, out, err)

    def json(self, *words):
        return json.loads(self.run(*words, "--json").out)

    def figure(self, indicator, unit, first, last, *more):
        """The recorded part of one figure."""
        found = self.json("figure", indicator, "--unit", unit, "--from", first, "--to", last, *more)
        return found[0]["recorded"]

    def check(self):
        has(self.run("check").err, ": 0 sai lệch.")

    def sql(self, text, *values):
        """Rows of a query on the database itself, past the program."""
        if self.db.startswith("postgresql:"):
            return server_database.rows(self.db, text, values)
        with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as connection:
            rows = connection.execute(text, values).fetchall()
        connection.close()
        return rows

    def alter(self, text, *values):
        """Change the database itself, as a test of damage or of passing time does."""
        if ON_SERVER:
            server_database.alter(self.db, text, values)
            return
        connection = sqlite3.connect(self.db)
        with connection:
            connection.execute(text, values)
        connection.close()

    def dump(self, *tables):
        """All rows of some tables; to see that nothing has changed."""
        found = (server_database.dump(self.db, tables) if ON_SERVER else
                 {table: self.sql(f"SELECT * FROM {table}") for table in tables})
        return {table: sorted(rows, key=repr) for table, rows in found.items()}

    def everything(self):
        """All rows of all tables but for those that say which process is at work."""
        return self.dump(*(name for name in self.tables()
                           if name not in ("slot", "lease", "commit_mark")))

    def tables(self):
        found = (server_database.tables(self.db) if ON_SERVER else
                 self.sql("SELECT name FROM sqlite_master WHERE type = 'table'"))
        return [name for (name,) in found]

    def columns(self, table):
        if ON_SERVER:
            return server_database.columns(self.db, table)
        return [row[1] for row in self.sql(f"PRAGMA table_info({table})")]

    def init(self):
        """Restricted registers take everything here; what stubs refuse has a test of its own."""
        self.run("init")
        self.run("set", "restricted_content", "full")

    def demo(self):
        """A database with the demo in it; made once for each program."""
        if Room.demo_made is None:
            first = Room(Room.root)
            first.run("demo")
            Room.demo_made = first.db
        if not ON_SERVER:
            shutil.copy(Room.demo_made, self.db)
            return
        server_database.drop(self.db)
        self.db = server_database.create(server_database.name_of(Room.demo_made))
        self.made.append(self.db)

    root = None       # the folder of all rooms
    demo_made = None  # a database that is copied


class Server:
    """chithi serve on a free port, for the length of a with block or until it is killed."""

    def __init__(self, room, *options):
        self.room = room
        self.process = room.start("serve", "--listen", "127.0.0.1:0", *options)
        self.port = None

    def wait(self):
        """Until it says where it listens."""
        address = self.process.stdout.readline().decode().strip()
        if not address.startswith(("http://127.0.0.1:", "https://127.0.0.1:")):
            _, err = self.process.communicate()
            raise Wrong(f"serve does not say where: {address!r}\n{err.decode()}")
        self.port = int(address.rstrip("/").rsplit(":", 1)[1])

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIME_LIMIT)

    def page(self, path):
        """The body of the answer."""
        connection = self.connect()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        same(answer.status, 200, f"GET {path}:\n{body}")
        return body

    def get(self, path):
        return json.loads(self.page(path))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=TIME_LIMIT)

    def __enter__(self):
        self.wait()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        _, err = self.process.communicate(timeout=TIME_LIMIT)
        same(self.process.returncode, 0, f"the exit code of serve:\n{err.decode()}")


def run_one(name, test):
    with tempfile.TemporaryDirectory(prefix=name + ".", dir=Room.root) as folder:
        room = Room(folder)
        try:
            test(room)
        except Skip as why:
            print(f"SKIP: {name}: {why}", flush=True)
            return "skipped"
        except Wrong as wrong:
            at = traceback.extract_tb(wrong.__traceback__)
            line = [frame.lineno for frame in at if frame.filename == test.__code__.co_filename][-1]
            print(f"FAIL: {name} (line {line}): {wrong}", flush=True)
            return "failed"
        except Exception:  # an error of the test is a failure too, and the others still run
            print(f"FAIL: {name}:\n{traceback.format_exc()}", flush=True)
            return "failed"
        finally:
            room.close()
    print(f"ok: {name}", flush=True)
    return "passed"


def main(names):
    """Run the functions test_… of a program, or those that are named on its command line."""
    wanted = sys.argv[1:]
    tests = [(name, value) for name, value in names.items()
             if name.startswith("test_") and (not wanted or name in wanted)]
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"no program at {BINARY}: set CHITHI_BINARY")
    os.environ.pop("CHITHI_DB", None)
    with tempfile.TemporaryDirectory(prefix="chithi.") as Room.root:
        ends = [run_one(name, test) for name, test in tests]
    if "failed" in ends or not ends:
        sys.exit(1)
    sys.exit(0 if "passed" in ends else 77)
