#!/usr/bin/env python3
"""Pages of whoever is signed in, with 64 connections at a time, beside nginx serving a file of the same size.

    signed_in.py BINARY DATABASE LOGIN PASSWORD SECONDS PATH...

For each path: requests a second, the time within which 99 of 100 are answered, the server's CPU time a request, and
the same of nginx for a file as long as the page. Then 25 people sign in every second while pages are asked for by one
connection. wrk asks, on loopback; it and the server share the machine's cores. Prints TSV. Needs wrk and nginx.
"""
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

CONNECTIONS = 64
SIGN_INS = 25  # a second
TICK = os.sysconf("SC_CLK_TCK")
SITE = {"Sec-Fetch-Site": "same-origin"}


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(") ", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [pid] + [int(child) for child in file.read().split()]


def sign_in(port, login, password):
    """The cookies of a new session."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    form = urllib.parse.urlencode({"tai_khoan": login, "mat_khau": password})
    client.request("POST", "/dang_nhap", form,
                   {**SITE, "Content-Type": "application/x-www-form-urlencoded"})
    answer = client.getresponse()
    answer.read()
    if answer.status != 303:
        sys.exit(f"{login} cannot sign in: {answer.status}")
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return "; ".join(cookies)


def ask(port, path, cookie, seconds, connections):
    """What wrk tells: requests a second, and the 99th of a hundred in milliseconds."""
    done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-H", f"Cookie: {cookie}",
                           f"http://127.0.0.1:{port}{path}"], stdout=subprocess.PIPE, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1])
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done).groups()
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    if wrong:
        sys.exit(f"{path}: {wrong[0]}")
    count = int(re.search(r"(\d+) requests in", done)[1])
    return rate, float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit], count


def tell(name, pids, port, path, cookie, seconds, connections=CONNECTIONS):
    before = cpu_seconds(pids)
    rate, late, count = ask(port, path, cookie, seconds, connections)
    spent = (cpu_seconds(pids) - before) / count * 1e3
    print(f"{name}\t{rate:.0f} requests/s\t99%: {late:.1f} ms\t{spent:.3f} ms of CPU", flush=True)


def start_nginx(folder, port, size):
    with open(os.path.join(folder, "page.html"), "wb") as file:
        file.write(b"x" * size)
    config = os.path.join(folder, "nginx.conf")
    with open(config, "w", encoding="ascii") as file:
        file.write(f"daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 2;\n"
                   "events { worker_connections 512; }\n"
                   f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
                   f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
                   f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n")
    return subprocess.Popen(["nginx", "-p", folder, "-c", config])


def beside_nginx(size, seconds, port):
    folder = tempfile.mkdtemp()
    os.chmod(folder, 0o755)  # nginx gives up the rights that it was started with
    nginx = start_nginx(folder, port, size)
    try:
        time.sleep(0.5)
        tell(f"nginx, a file of {size} bytes", children(nginx.pid), port, "/page.html", "", seconds)
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait()
        shutil.rmtree(folder)


def sign_in_all_the_time(port, login, password, until, times):
    def once():
        start = time.monotonic()
        sign_in(port, login, password)
        times.append(time.monotonic() - start)

    threads = []
    while time.monotonic() < until:
        threads.append(threading.Thread(target=once))
        threads[-1].start()
        time.sleep(1 / SIGN_INS)
    for thread in threads:
        thread.join()


def main():
    binary, database, login, password, seconds = sys.argv[1:6]
    seconds = int(seconds)
    server = subprocess.Popen([binary, "serve", "--db", database, "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1].strip().strip("/"))
        cookie = sign_in(port, login, password)
        for path in sys.argv[6:]:
            client = http.client.HTTPConnection("127.0.0.1", port)
            client.request("GET", path, headers={"Cookie": cookie})
            size = len(client.getresponse().read())
            tell(path, [server.pid], port, path, cookie, seconds)
            beside_nginx(size, seconds, port + 1 if port < 65535 else port - 1)
        times = []
        signing = threading.Thread(target=sign_in_all_the_time,
                                   args=(port, login, password, time.monotonic() + seconds, times))
        signing.start()
        tell(f"{sys.argv[6]}, while {SIGN_INS} sign in every second", [server.pid], port, sys.argv[6], cookie,
             seconds, 1)
        signing.join()
        times.sort()
        print(f"signing in\t{len(times) / seconds:.1f} a second\t"
              f"99%: {times[int(len(times) * 0.99) - 1] * 1e3:.0f} ms")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


if __name__ == "__main__":
    main()
