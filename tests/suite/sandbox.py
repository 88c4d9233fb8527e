"""Is the program hardened as meson.build asks, and is a server in its sandbox, all its threads? That it
works in there is what every other test of a server shows."""
import os
import re
import shutil
import subprocess

import tools


def is_sanitized():
    """A build with an address or thread sanitizer has neither checked copies nor a sandbox."""
    with open(tools.BINARY, "rb") as file:
        content = file.read()
    return b"__asan_init" in content or b"__tsan_init" in content


def test_the_binary_is_hardened(_):
    if shutil.which("readelf") is None:
        raise tools.Skip("readelf of binutils is not installed")
    done = subprocess.run(["readelf", "-W", "-h", "-l", "-d", "--dyn-syms", tools.BINARY],
                          capture_output=True, check=True)
    text = done.stdout.decode()
    tools.has(text, "DYN (", "GNU_RELRO", "BIND_NOW")
    stack = re.search(r"GNU_STACK.*", text)[0]
    tools.holds("RWE" not in stack, f"the stack can be executed: {stack}")
    tools.has(text, "__stack_chk_fail")
    if not is_sanitized():
        tools.has(text, "_chk@GLIBC")


def threads_of(server):
    folder = f"/proc/{server.process.pid}/task"
    for number in os.listdir(folder):
        with open(f"{folder}/{number}/status", encoding="ascii") as file:
            yield dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def test_every_thread_of_a_server_is_in_the_sandbox(room):
    if is_sanitized():
        raise tools.Skip("a sanitizer's build has no sandbox")
    room.demo()
    server = tools.Server(room)
    with server:
        server.page("/")
        found = list(threads_of(server))
        tools.holds(len(found) > 3, f"only {len(found)} threads")
        for thread in found:
            tools.same((thread["NoNewPrivs"].strip(), thread["Seccomp"].strip()), ("1", "2"),
                       f"new privileges and filter of {thread['Name']}")


def test_temporary_files_have_a_place(room):
    """A table for Excel is written to one; beside a database that is a file no other place is left."""
    room.demo()
    if not tools.ON_SERVER:
        os.environ["TMPDIR"] = "/nowhere"
    try:
        with tools.Server(room) as server:
            connection = server.connect()
            connection.request("GET", "/so/ktgs.xlsx")
            answer = connection.getresponse()
            content = answer.read()
            tools.same((answer.status, content[:2]), (200, b"PK"), "a table")
    finally:
        os.environ.pop("TMPDIR", None)
    left = [name for name in os.listdir(room.folder) if name.startswith("chithi-")]
    tools.same(left, [], "what is left of temporary files")


if __name__ == "__main__":
    tools.main(globals())
