"""What stands between the server and the network: its own certificate, or a proxy that ends TLS. The
proxy is nginx with the configuration of doc/deploy.md, where nginx is there.
"""
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import warnings

import tools

SITE = "https://chithi.example.vn"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SIGN_IN = "tai_khoan=an&mat_khau=sai"


def certify(room, name="chithi.example.vn"):
    """A certificate that signs itself, and its key."""
    files = room.path(name + ".pem"), room.path(name + ".key")
    if not shutil.which("openssl"):
        raise tools.Skip("no openssl to make a certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "2", "-subj", "/CN=" + name, "-addext",
                    "subjectAltName=DNS:" + name, "-out", files[0], "-keyout", files[1]],
                   check=True, capture_output=True)
    return files


def ask(connection, method, path, headers=None, body=None):
    """Status, headers and text of an answer; the connection is used no further."""
    connection.putrequest(method, path, skip_host=True)
    headers = {"Host": "chithi.example.vn", **(headers or {})}
    if body is not None:
        headers["Content-Length"] = str(len(body))
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body.encode() if body is not None else None)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, text


def secure(port, certificate):
    """A connection that believes in nothing but the certificate."""
    return wrap(port, ssl.create_default_context(cafile=certificate))


def old(port, certificate):
    """The same as it was spoken before 2018."""
    context = ssl.create_default_context(cafile=certificate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return wrap(port, context)


def wrap(port, context):
    raw = socket.create_connection(("127.0.0.1", port), timeout=tools.TIME_LIMIT)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.sock = context.wrap_socket(raw, server_hostname="chithi.example.vn")
    return connection


def furnish(room):
    """A database that others may come to."""
    room.demo()
    room.run("user", "add", "an", "--name", "Nguyễn Văn An")
    room.run("set", "site", SITE)


def check_pages(connect):
    """The sign-in page under the site's name; a form from it, and from elsewhere."""
    status, headers, text = ask(connect(), "GET", "/dang_nhap")
    tools.same(status, 200, "the sign-in page")
    tools.same(headers["Strict-Transport-Security"], "max-age=31536000", "the header for TLS")
    tools.has(text, 'name="mat_khau"')
    tools.same(ask(connect(), "GET", "/", {"Host": "khac.example.vn"})[0], 421, "another name")
    tools.same(ask(connect(), "POST", "/dang_nhap", {**FORM, "Origin": SITE}, SIGN_IN)[0], 422,
               "a form of the site")
    for origin in ("http://chithi.example.vn", SITE + ".evil", "https://khac.example.vn"):
        tools.same(ask(connect(), "POST", "/dang_nhap", {**FORM, "Origin": origin}, SIGN_IN)[0], 403,
                   f"a form of {origin}")


def check_pipeline(connection):
    """Requests that lie in one piece of TLS are all answered."""
    count = 50
    request = "GET /dang_nhap HTTP/1.1\r\nHost: chithi.example.vn\r\n"
    connection.sock.sendall(((request + "\r\n") * (count - 1) + request
                             + "Connection: close\r\n\r\n").encode())
    answers = b""
    while piece := connection.sock.recv(1 << 16):
        answers += piece
    tools.same(answers.count(b"HTTP/1.1 200 "), count, "answers to requests in one piece")


def test_own_certificate(room):
    furnish(room)
    certificate, key = certify(room)
    with tools.Server(room, "--certificate", certificate, "--key", key) as server:
        check_pages(lambda: secure(server.port, certificate))
        check_pipeline(secure(server.port, certificate))
        found = secure(server.port, certificate)
        tools.holds(found.sock.version() in ("TLSv1.2", "TLSv1.3"), found.sock.version())
        found.close()
        try:
            old(server.port, certificate)
            raise tools.Wrong("TLS 1.1 was taken")
        except OSError:
            pass
        with socket.create_connection(("127.0.0.1", server.port), timeout=tools.TIME_LIMIT) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            tools.holds(b"HTTP/" not in plain.recv(1000), "an answer without TLS")


def test_certificates_that_cannot_be_used(room):
    furnish(room)
    certificate, key = certify(room)
    other = certify(room, "khac.example.vn")
    broken = room.write("hong.pem", "-----BEGIN CERTIFICATE-----\nx\n")
    cases = [(("--certificate", certificate), "đi với nhau"),
             (("--key", key), "đi với nhau"),
             (("--certificate", certificate, "--key", other[1]), "không phải của chứng chỉ này"),
             (("--certificate", broken, "--key", key), "dạng PEM"),
             (("--certificate", key, "--key", certificate), "dạng PEM"),
             (("--certificate", room.path("khong-co"), "--key", key), "khong-co"),
             (("--proxy", "may-chu"), "không phải địa chỉ")]
    for options, text in cases:
        tools.has(room.run("serve", "--listen", "127.0.0.1:0", *options, code=1).err, text)


def test_proxy_is_believed_and_nobody_else(room):
    furnish(room)
    with tools.Server(room, "--proxy", "127.0.0.1") as server:
        def through(headers):
            return ask(server.connect(), "POST", "/dang_nhap", {**FORM, "Origin": SITE, **headers}, SIGN_IN)
        status, headers, _ = through({"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"})
        tools.same(status, 422, "a form through the proxy")
        tools.holds(headers["Strict-Transport-Security"], "no header for TLS")
        tools.same(ask(server.connect(), "GET", "/dang_nhap")[1]["Strict-Transport-Security"], None,
                   "without TLS in front")
    with tools.Server(room, "--proxy", "192.0.2.7") as server:
        _, headers, _ = ask(server.connect(), "GET", "/dang_nhap", {"X-Forwarded-Proto": "https"})
        tools.same(headers["Strict-Transport-Security"], None, "the word of another")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def nginx_of_the_manual(room, port, behind, files):
    """The server block of doc/deploy.md, on a port of our own, in a folder of our own."""
    with open(os.path.join(tools.SOURCE, "doc", "deploy.md"), encoding="utf-8") as page:
        block = re.search(r"```nginx\n(.*?)```", page.read(), re.DOTALL)[1]
    for name, value in ((r"listen \[::\]:443 ssl http2;", ""), (r"listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
                        (r"ssl_certificate [^;]+", "ssl_certificate " + files[0]),
                        (r"ssl_certificate_key [^;]+", "ssl_certificate_key " + files[1]),
                        (r"127\.0\.0\.1:8080", f"127.0.0.1:{behind}")):
        block, count = re.subn(name, value, block)
        tools.holds(count > 0, f"doc/deploy.md: no {name} in the block for nginx")
    paths = "".join(f"{kind}_temp_path {room.path(kind)};\n" for kind in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    return room.write("nginx.conf", f"daemon off;\nmaster_process off;\npid {room.path('pid')};\n"
                      "error_log stderr;\nevents {}\nhttp {\naccess_log off;\n" + paths + block + "}\n")


def wait_for(port, process):
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise tools.Wrong(f"nginx has ended:\n{process.communicate()[1].decode()}")


def test_nginx_in_front(room):
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if not nginx:
        raise tools.Skip("no nginx")
    furnish(room)
    files = certify(room)
    with tools.Server(room, "--proxy", "127.0.0.1") as server:
        port = free_port()
        config = nginx_of_the_manual(room, port, server.port, files)
        process = subprocess.Popen([nginx, "-e", "stderr", "-c", config, "-p", room.folder],
                                   stderr=subprocess.PIPE)
        try:
            wait_for(port, process)
            check_pages(lambda: secure(port, files[0]))
            _, headers, _ = ask(secure(port, files[0]), "GET", "/dang_nhap",
                                {"X-Forwarded-Proto": "http"})
            tools.holds(headers["Strict-Transport-Security"], "a client's word about its own TLS")
            chunks = secure(port, files[0])
            chunks.putrequest("POST", "/dang_nhap", skip_host=True)
            for name, value in {**FORM, "Host": "chithi.example.vn", "Origin": SITE,
                                "Transfer-Encoding": "chunked"}.items():
                chunks.putheader(name, value)
            chunks.endheaders()
            chunks.send(f"{len(SIGN_IN):x}\r\n{SIGN_IN}\r\n0\r\n\r\n".encode())
            tools.same(chunks.getresponse().status, 422, "chunks, which nginx gathers")
            chunks.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=tools.TIME_LIMIT)


if __name__ == "__main__":
    tools.main(globals())
