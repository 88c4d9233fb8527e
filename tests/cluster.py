"""A PostgreSQL server of the tests' own, in a temporary folder, on a socket in it and on no port.
No other server of the machine is touched.

    cluster.py COMMAND...                      run the command with CHITHI_TEST_SERVER and CHITHI_DATA_KEY set, and
                                               end the server
    cluster.py --durable FOLDER COMMAND...     the same with a server that measurements can be made on: its data
                                               in a folder inside FOLDER, every commit on the disk

Where CHITHI_TEST_SERVER is set already, that server is used: ./test starts one for all programs.
Exits 77, with the reason, where PostgreSQL is not installed. The tests' server does without fsync; both
compare texts by the rules of Vietnamese unless told otherwise, so that what relies on the order of
bytes without saying so is found.
"""
import glob
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import tempfile

SETTINGS = {
    "listen_addresses": "''", "fsync": "off", "full_page_writes": "off",
    "synchronous_commit": "off", "shared_buffers": "64MB", "max_connections": "300",
    "max_wal_size": "1GB", "autovacuum_naptime": "10s", "log_min_messages": "warning",
}
# What an operator of a machine with 24 GB would set (doc/scale.md).
DURABLE = {
    "listen_addresses": "''", "shared_buffers": "4GB", "effective_cache_size": "16GB", "work_mem": "32MB",
    "maintenance_work_mem": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "15min",
    "random_page_cost": "1.1", "max_connections": "300", "log_min_messages": "warning",
}


class Absent(Exception):
    """PostgreSQL, or a user who may run it, is not on this machine."""


def room():
    """Memory where there is plenty: a database for each test is some hundred files to make and remove,
    which took six times as long on a disk."""
    memory = "/dev/shm"
    if os.path.isdir(memory) and shutil.disk_usage(memory).free > 4 << 30:
        return memory
    return None


def programs():
    """The folder of initdb and pg_ctl, which Debian keeps out of the path."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"),
                   key=lambda path: int(path.split("/")[4]))
    found = [path for path in found if int(path.split("/")[4]) >= 15]
    path = found[-1] if found else shutil.which("initdb")
    if path is None:
        raise Absent("PostgreSQL 15 or later is not installed")
    return os.path.dirname(path)


def other_user():
    """The server refuses to run as root; someone else then runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Absent("there is no user but root to run PostgreSQL")


def data_key(folder):
    """What authenticators are encrypted with in all databases of the server."""
    path = os.path.join(folder, "key")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path


class Cluster:
    """Started by `with`; `address` is that of its database `postgres`."""

    def __init__(self, settings=None, parent=None):
        self.settings = settings or SETTINGS
        self.bin = programs()
        self.user = other_user()
        self.folder = tempfile.mkdtemp(prefix="chithi-pg.", dir=parent or room())
        self.data = os.path.join(self.folder, "data")
        self.log = os.path.join(self.folder, "log")
        self.address = f"postgresql:///postgres?host={self.folder}&user=chithi"

    def run(self, program, *words):
        command = [os.path.join(self.bin, program), *words]
        if self.user is not None:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout.decode()}")

    def start(self):
        settings = " ".join(f"-c {key}={value}" for key, value in self.settings.items())
        self.run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "60", "-s",
                 "-o", f"-k {self.folder} {settings}", "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-m", mode, "-w", "-s", "stop")

    def __enter__(self):
        if self.user is not None:
            shutil.chown(self.folder, self.user)
        os.chmod(self.folder, 0o755)
        try:
            self.run("initdb", "-D", self.data, "-U", "chithi", "-A", "trust", "-E", "UTF8",
                     "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=vi", "--no-sync")
            self.start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        return self

    def __exit__(self, *_):
        try:
            self.stop("immediate")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def main():
    command, choice = sys.argv[1:], ()
    if command[0] == "--durable":
        choice, command = (DURABLE, command[1]), command[2:]
    elif os.environ.get("CHITHI_TEST_SERVER"):
        os.execvp(command[0], command)
    try:
        with Cluster(*choice) as cluster:
            os.environ["CHITHI_TEST_SERVER"] = cluster.address
            os.environ["CHITHI_DATA_KEY"] = data_key(cluster.folder)
            return subprocess.run(command, check=False).returncode
    except Absent as why:
        print(f"SKIP: {why}")
        return 77


if __name__ == "__main__":
    sys.exit(main())
