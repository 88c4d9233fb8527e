"""A PostgreSQL server that dies under load and comes again: what was told to be written is there
once, what was not told is not there, and the service goes on by itself."""
import os
import signal
import subprocess
import sys
import time

import tools

import cluster
import server_database

THREADS = 6
DEATHS = int(os.environ.get("CHITHI_DEATHS", "12"))
LONGEST = 5000  # milliseconds without service after the server is back
HAMMER = os.path.join(os.path.dirname(tools.BINARY), "tests", "hammer")


def backends(address):
    """The server's processes that serve a connection but ours."""
    found = server_database.rows(address, "SELECT pid FROM pg_stat_activity WHERE pid <> "
                                 "pg_backend_pid() AND backend_type = 'client backend'", ())
    return [pid for (pid,) in found]


def kill_one(server):
    """One process that dies takes all others with it; the server recovers by itself."""
    pids = backends(server.address)
    if pids:
        os.kill(pids[0], signal.SIGKILL)


def crash(server):
    """All at once, without a checkpoint."""
    server.stop("immediate")
    server.start()


def deaths(server, hammer):
    """Kill and wait until it answers again; the longest of these times, in milliseconds."""
    down = 0
    for number in range(DEATHS):
        time.sleep(0.3)  # load, not waiting for anything: where it strikes is left to chance
        died = time.monotonic()
        (crash if number % 3 == 2 else kill_one)(server)
        tools.same(hammer.poll(), None, "the writers' end")
        for _ in range(100):
            try:
                server_database.rows(server.address, "SELECT 1", ())
                break
            except RuntimeError:
                time.sleep(0.05)
        down = max(down, int(1000 * (time.monotonic() - died)))
    return down


def new_server():
    try:
        return cluster.Cluster()
    except cluster.Absent as why:
        raise tools.Skip(str(why))


def test_marks_of_connections_that_are_gone_are_cleared(room):
    with new_server() as server:
        room.db = server.address
        room.init()
        server_database.psql(server.address, "INSERT INTO commit_mark (connection, serial, at) VALUES "
                             "(1, 1, now() - interval '25 hours'), (2, 1, now() - interval '23 hours')")
        room.run("rebuild")
        kept = server_database.rows(server.address, "SELECT connection FROM commit_mark "
                                    "WHERE connection IN (1, 2)", ())
        tools.same(kept, [(2,)], "marks")


def test_nothing_is_lost_or_done_twice(room):
    server = new_server()
    if os.geteuid() != 0 and server.user is not None:
        raise tools.Skip("the server's processes are another user's")
    with server:
        room.db = server.address
        room.init()
        with open(room.path("log"), "w+", encoding="utf-8") as notes:
            # Not a pipe: when one is full that nobody reads meanwhile, the writers wait for it.
            hammer = subprocess.Popen([HAMMER, room.db, str(THREADS)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=notes, text=True)
            try:
                down = deaths(server, hammer)
            finally:
                out, _ = hammer.communicate(timeout=60)
            notes.seek(0)
            log = notes.read()
        found = dict(server_database.rows(
            server.address, "SELECT key, value FROM meta WHERE key LIKE 'hammer%'", ()))
        told = f"{out}\n{log[-9000:]}"
        waits = []
        for line in out.splitlines():
            number, done, failed, longest = map(int, line.split("\t"))
            tools.same(found.get(f"hammer_{number}", 0), done, f"writes of writer {number}\n{told}")
            tools.same(failed, 0, f"failures of writer {number}\n{told}")
            waits.append(longest)
            tools.holds(longest <= down + LONGEST,
                        f"writer {number} waited for {longest} ms, the server was away for {down}")
        tools.same(len(waits), THREADS, "writers")
        print(f"{sum(found.values())} writes, {DEATHS} deaths, {log.count('answer was lost')} commits "
              f"settled, {log.count('not there')} of them not there, "
              f"away for {down} ms at most, the longest wait {max(waits)} ms", file=sys.stderr)


if __name__ == "__main__":
    tools.main(globals())
