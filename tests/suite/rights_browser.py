"""A browser of one account, as far as the matrix of rights needs one; and which route of the program
an address leads to, told from the table in src/web/routes.c."""
import gzip
import http.client
import io
import json
import os
import re
import urllib.parse
import zipfile

import tools
from rights_country import PASSWORD

ROUTE = re.compile(r'^    \{"(GET|POST)", "(/[^"]*)", (RIGHT_\w+), ', re.MULTILINE)


def read_routes():
    """(method, path) of each route in the order of the table, with the right that it says."""
    with open(os.path.join(tools.SOURCE, "src", "web", "routes.c"), encoding="utf-8") as file:
        text = file.read()
    found = {(method, path): right for method, path, right in ROUTE.findall(text)}
    tools.same(len(found), text.count('{"GET", "/') + text.count('{"POST", "/'), "routes that are read")
    return found


ROUTES = read_routes()
PATTERNS = [(route, re.compile("[^/]+".join(map(re.escape, route[1].split("*")))))
            for route in ROUTES]


def route_of(method, path):
    """The first that fits, as the program takes it; the JSON of a page is its route too."""
    plain = path.split("?")[0]
    plain = plain[:-len(".json")] or "/" if plain.endswith(".json") else plain
    return next((route for route, pattern in PATTERNS
                 if route[0] == method and pattern.fullmatch(plain)), None)


def text_of(body):
    """A spreadsheet is the text of its parts."""
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


class Answer:
    def __init__(self, answer, body):
        self.status = answer.status
        if answer.getheader("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.text = text_of(body)
        self.heads = {name: value for name, value in answer.getheaders() if name != "Date"}
        self.all = "\n".join(f"{name}: {value}" for name, value in self.heads.items()) + self.text

    def like(self, asked, instead):
        """What must be the same as of another question, with the one put for the other."""
        return self.status, self.all.replace(asked, instead)


class Browser:
    def __init__(self, port, login):
        self.login, self.port = login, port
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=tools.TIME_LIMIT)
        self.cookies, self.token = {}, ""
        answer = self.ask("POST", "/dang_nhap", tai_khoan=login, mat_khau=PASSWORD)
        tools.same(answer.status, 303, f"{login} signs in:\n{answer.text}")
        page = self.ask("GET", "/tai_khoan").text
        self.token = re.search(r'name="ma" value="([^"]+)"', page)[1]

    def ask(self, method, path, **form):
        heads = {"Origin": f"http://127.0.0.1:{self.port}", "Cookie": "; ".join(
            f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method == "POST":
            heads["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(
                {"ma": self.token, **form} if self.token else form, doseq=True)
        self.link.request(method, path, body, heads)
        answer = self.link.getresponse()
        found = Answer(answer, answer.read())
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                first = value.split(";")[0].split("=", 1)
                self.cookies[first[0]] = first[1]
        return found

    def session(self):
        """What the page of one's own account calls this session."""
        found = json.loads(self.ask("GET", "/tai_khoan.json").text)["sessions"]
        return next(one["key"] for one in found if one["is_this"])
