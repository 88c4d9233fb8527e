#!/usr/bin/env python3
"""CPU per request, start to first answer, and anonymous memory of `chithi serve`.

    pages.py BINARY DATABASE REQUESTS PATH...

One keep-alive client on loopback, so that times of the network and of waiting do not count: the
figure is the server's own CPU time (user and system, from /proc) divided by the requests. Prints TSV.
"""
import http.client
import os
import signal
import subprocess
import sys
import time

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def anonymous_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("RssAnon"):
                return int(line.split()[1]) / 1024
    return 0.0


def get(client, path):
    client.request("GET", path)
    answer = client.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status}")
    return len(body)


def main():
    binary, database, requests = sys.argv[1], sys.argv[2], int(sys.argv[3])
    start = time.monotonic()
    server = subprocess.Popen([binary, "serve", "--db", database, "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1].strip().strip("/"))
        client = http.client.HTTPConnection("127.0.0.1", port)
        get(client, sys.argv[4])
        print(f"start to first answer, ms\t{(time.monotonic() - start) * 1e3:.0f}")
        for path in sys.argv[4:]:
            size = get(client, path)
            before = cpu_seconds(server.pid)
            for _ in range(requests):
                get(client, path)
            spent = (cpu_seconds(server.pid) - before) / requests * 1e3
            print(f"{path}\t{spent:.3f} ms of CPU\t{size} bytes")
        print(f"anonymous memory after {requests * len(sys.argv[4:])} requests, MB\t"
              f"{anonymous_mb(server.pid):.0f}")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


if __name__ == "__main__":
    main()
