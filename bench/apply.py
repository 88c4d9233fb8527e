#!/usr/bin/env python3
"""How long `pack apply` takes that makes one indicator anew over all records of a register, while a
server answers requests: seconds of the command, and how long requests took meanwhile.

    apply.py CHITHI DATABASE PACK ADDRESS...

The indicator `kt_cuoc` loses its condition, so that every inspection contributes, and gets it back.
"""
import http.client
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

CONDITION = re.compile(r"(  kt_cuoc:\n(?:    .*\n)*?)    where: .*\n")


def changed(pack, folder):
    target = os.path.join(folder, "pack")
    shutil.copytree(pack, target)
    path = os.path.join(target, "registers", "ktgs.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(CONDITION.sub(r"\1", text, count=1))
    return target


def ask(port, addresses, stop, times):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while not stop.is_set():
        for address in addresses:
            start = time.monotonic()
            connection.request("GET", address)
            answer = connection.getresponse()
            answer.read()
            times.append((time.monotonic() - start) * 1000)
            if answer.status != 200:
                sys.exit(f"{address}: {answer.status}")
        time.sleep(0.01)


def measure(name, command, port, addresses):
    stop, times = threading.Event(), []
    asker = threading.Thread(target=ask, args=(port, addresses, stop, times))
    asker.start()
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    stop.set()
    asker.join()
    times.sort()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name}\t{wall:.1f} s\t{cpu:.1f} s of CPU\t{len(times)} requests: median "
          f"{times[len(times) // 2]:.1f} ms, 99 of 100 {times[len(times) * 99 // 100]:.1f} ms, "
          f"slowest {times[-1]:.0f} ms", flush=True)


def main():
    chithi, database, pack, *addresses = sys.argv[1:]
    server = subprocess.Popen([chithi, "serve", "--listen", "127.0.0.1:0", "--db", database],
                              stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        with tempfile.TemporaryDirectory() as folder:
            for name, source in (("apply", changed(pack, folder)), ("apply back", pack)):
                measure(name, [chithi, "pack", "apply", source, "--db", database], port, addresses)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
