#!/usr/bin/env python3
"""Run the .t files of this folder against a real server on a free port.

    run.py FILE.t [FILE.t ...]      CHITHI_BINARY names the program, else it is build/chithi

Each file has a server and a database of its own. A file is read line by line:

    # a comment
    database demo | empty | accounts   what the server is started on; demo unless said otherwise,
                                    accounts: a demo with accounts
    account LOGIN [ROLE UNIT]       make an account, with the password of all tests
    run user close LOGIN            any command of chithi on the database; its output is the answer
    code NAME SECRET                $NAME is the code that an authenticator shows for the secret now
    as LOGIN | nobody               go on with that account's cookies, signing in when it has none
    GET /path?query                 a request; POST /path a=1&b=2 sends a form
    Name: value                     its headers ("Name:" alone leaves one out)
    ? 200                           the status
    + text                          must occur in the answer, headers included
    - text                          must not
    $name = regular expression      keep its first group; $name stands for it further on
    times 9 POST /path              the same so many times; each must answer 303
    walk /path = 67                 follow "next" from page to page of a list: so many rows in all,
                                    no record twice in a register
    crawl /path                     follow the links from there, at most PAGES; each must answer 200

A POST is sent with the server's own Origin unless a header says otherwise, and who is signed in
sends the session's token with it as `ma` unless the form has one; $ma is that token. Cookies are
kept as a browser keeps them, those of each account apart; "Cookie:" sends others. The text of a Word file
is that of its document. Every HTML page is also read by a parser: its elements are closed, it has
one h1, no inline style or script, and on the demo says so in its title. It is Vietnamese, or English
where that was chosen, and then no text of po/en.po is left on it in Vietnamese."""
import base64
import concurrent.futures
import hmac
import gzip
import html.parser
import io
import http.client
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tools"))
import server_database  # noqa: E402
import po  # noqa: E402

BINARY = os.environ.get("CHITHI_BINARY", os.path.join(HERE, "..", "..", "build", "chithi"))
VOID = {"meta", "link", "br", "input", "img", "hr", "rect", "line", "path"}
MARK = {"vi": "DỮ LIỆU MÔ PHỎNG", "en": "SIMULATED DATA"}
PAGES = 1500  # of a crawl
TOGETHER = 8  # requests at a time
PASSWORD = "bốn con thuyền giấy"  # of all accounts that a test makes
DEMO_PASSWORD = "thuyengiay05"  # of those of the demo


READ = ("title", "aria-label", "placeholder", "alt", "data-confirm", "data-confirm-yes")


class Vietnamese:
    """The Vietnamese texts of po/en.po, as they stand on a page with whatever values."""

    def __init__(self):
        self.texts, patterns = set(), []
        for text, said in po.read_catalogue(po.ROOT / "po" / "en.po").items():
            if not po.LETTER.search(text) or text.strip() == said.strip():
                continue
            parts = re.split(po.TAG.pattern + "|" + po.FORMAT.pattern, text, flags=re.S)[::3]
            if len(parts) == 1:
                self.texts.add(text.strip())
            elif len(po.WORD.findall("".join(parts))) > 6:
                patterns.append(".+?".join(re.escape(part) for part in parts))
        self.pattern = re.compile("|".join(patterns), re.S)

    def has(self, text):
        return bool(po.LETTER.search(text)) and (text in self.texts or bool(self.pattern.fullmatch(text)))


VIETNAMESE = Vietnamese()


class Page(html.parser.HTMLParser):
    """What must hold of every page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.links, self.ids = [], [], [], []
        self.count, self.title, self.language = {}, "", None
        self.languages = []  # of the elements that are open
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"not closed: {self.open}")
        if self.count.get("h1") != 1 or self.count.get("main") != 1:
            self.faults.append("not one h1 and one main")
        if self.language not in MARK:
            self.faults.append("neither Vietnamese nor English")
        if len(self.ids) != len(set(self.ids)):
            self.faults.append(f"an id twice: {sorted(self.ids)}")
        for link in self.links:
            if not link.startswith(("/", "#", "otpauth:")):
                self.faults.append(f"a link to “{link}”")
            if link.startswith("#") and link[1:] not in self.ids:
                self.faults.append(f"no target for {link}")
        tables, captions = self.count.get("table", 0), self.count.get("caption", 0)
        if tables != captions:
            self.faults.append(f"{tables} tables, {captions} captions")

    def read(self, text):
        """A text on a page is in the language of its element."""
        if self.languages and self.languages[-1] == "en" and VIETNAMESE.has(" ".join(text.split())):
            self.faults.append(f"not in English: “{text.strip()}”")

    def handle_starttag(self, tag, attributes):
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag == "html":
            self.language = dict(attributes).get("lang")
        if tag == "style" or tag == "script" and "src" not in dict(attributes):
            self.faults.append(f"inline {tag}")
        if tag == "th" and "scope" not in dict(attributes):
            self.faults.append("th without scope")
        for name, value in attributes:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"inline {name}")
            if name == "id":
                self.ids.append(value)
            if name == "href":
                self.links.append(value)
        language = dict(attributes).get("lang", self.languages[-1] if self.languages else None)
        if tag not in VOID:
            self.open.append(tag)
            self.languages.append(language)
        for name, value in attributes:
            if name in READ:
                self.read(value)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.languages:
            self.languages.pop()
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing that is open, line {self.getpos()[0]}")

    def handle_data(self, data):
        self.read(data)
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data


class Server:
    def __init__(self, kind, folder):
        commands = {"demo": ["demo"], "empty": ["init"], "accounts": ["demo", "--accounts"]}
        self.is_demo = kind != "empty"
        self.path = server_database.create() if server_database.ADDRESS else os.path.join(folder, "web.db")
        self.run(*commands[kind])
        self.process = subprocess.Popen([BINARY, "serve", "--db", self.path, "--listen", "127.0.0.1:0"],
                                        stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        match = re.search(r"127\.0\.0\.1:(\d+)", first)
        if not match:
            raise SystemExit(f"the server did not start: {first!r}")
        self.host = f"127.0.0.1:{match[1]}"

    def run(self, *words, text=None):
        """A command on the database; what it prints."""
        result = subprocess.run([BINARY, *words, "--db", self.path], input=text, capture_output=True,
                                text=True)
        if result.returncode != 0:
            raise SystemExit(f"{words} ended with {result.returncode}: {result.stderr}")
        return result.stdout

    def stop(self):
        self.process.terminate()
        if self.process.wait(timeout=30) != 0:
            raise SystemExit(f"the server ended with {self.process.returncode}")

    def ask(self, method, path, headers, form=None):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": self.host}
        if method == "POST":
            sent["Origin"] = f"http://{self.host}"
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            sent["Content-Length"] = str(len((form or "").encode()))
        sent.update(headers)
        for name, value in sent.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders((form or "").encode() if method == "POST" else None)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return Answer(method, answer, body)


class Printed:
    """What a command has printed, to be looked at like an answer."""

    def __init__(self, text):
        self.status, self.text = 0, text


class Answer:
    def __init__(self, method, answer, body):
        if answer.getheader("Content-Encoding") == "gzip" and body:
            body = gzip.decompress(body)
        self.status, self.body, self.method = answer.status, body, method
        self.type = answer.getheader("Content-Type", "")
        self.location = answer.getheader("Location", "")
        self.cookies = [value for name, value in answer.getheaders() if name == "Set-Cookie"]
        self.page = None
        head = "".join(f"{name}: {value}\n" for name, value in answer.getheaders())
        self.text = head + self.decode()

    def decode(self):
        if "wordprocessingml" in self.type and self.body:
            with zipfile.ZipFile(io.BytesIO(self.body)) as file:
                return re.sub(r"<[^>]*>", "", file.read("word/document.xml").decode())
        if "spreadsheetml" in self.type and self.body:
            with zipfile.ZipFile(io.BytesIO(self.body)) as file:
                return "".join(re.sub(r"<[^>]*>", " ", file.read(name).decode())
                               for name in file.namelist() if name.endswith(".xml"))
        return self.body.decode()

    def faults(self, is_demo):
        """What is wrong with it whatever was asked."""
        found = []
        if self.method == "HEAD" and self.body:
            found.append("a body after HEAD")
        if self.type.startswith("application/json") and self.body:
            json.loads(self.body)
        if self.type.startswith("text/html") and self.body:
            self.page = Page(self.body.decode())
            found += self.page.faults
            mark = MARK.get(self.page.language, MARK["vi"])
            if is_demo and (mark not in self.page.title or self.text.count(mark) < 2):
                found.append("the demo is not marked")
        if "default-src 'none'" not in self.text:
            found.append("no content security policy")
        return found


def totp(secret):
    """The code of this half minute, by RFC 6238."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, "sha1").digest()
    number = struct.unpack(">I", digest[digest[-1] & 15:][:4])[0] & 0x7fffffff
    return f"{number % 1000000:06}"


class Jar:
    """The cookies of one browser, and the token of its session's forms."""

    def __init__(self):
        self.cookies, self.token = {}, None

    def take(self, answer):
        for cookie in answer.cookies:
            first, *attributes = cookie.split("; ")
            name, _, value = first.partition("=")
            wanted = {"Path=/", "HttpOnly", "SameSite=Lax"}
            if name.startswith("__Host-"):
                wanted.add("Secure")
            if not wanted <= set(attributes):
                raise SystemExit(f"a cookie that scripts or other sites may have: {cookie}")
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value

    def header(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


class Script:
    def __init__(self, path):
        self.path, self.number, self.names = path, 0, {}
        self.failures, self.checks = [], 0
        self.kind = "demo"
        self.server = self.answer = self.pending = None
        self.jar = Jar()
        self.jars = {"nobody": self.jar}
        self.made = set()

    def fail(self, what):
        self.failures.append(f"{self.path}:{self.number}: {what}")

    def expand(self, text):
        names = dict(self.names, host=self.server.host if self.server else "")
        return re.sub(r"\$(\w+)", lambda m: names.get(m[1], m[0]), text)

    def send(self):
        """Headers may follow a request line, so it is sent when something is asked of it."""
        if self.pending is None:
            return
        (method, path, form), headers = self.pending
        self.pending = None
        if self.jar.cookies:
            headers.setdefault("Cookie", self.jar.header())
        if method == "POST" and self.jar.token and "ma=" not in form:
            form += f"{'&' if form else ''}ma={self.jar.token}"
        self.answer = self.server.ask(method, path, headers, form)
        self.jar.take(self.answer)
        for fault in self.answer.faults(self.server.is_demo):
            self.fail(f"{method} {path}: {fault}")

    def line(self, text):
        word, _, rest = text.partition(" ")
        if word == "database":
            self.kind = rest
        elif word in ("GET", "HEAD", "POST", "PUT"):
            self.send()
            path, _, form = self.expand(rest).partition(" ")
            self.pending = ((word, path, form), {})
        elif self.pending and re.match(r"[A-Za-z-]+:", text):
            name, _, value = self.expand(text).partition(":")
            self.pending[1][name] = value.strip()
        elif word == "crawl":
            self.send()
            self.crawl(rest)
        elif word == "account":
            login, *grant = rest.split()
            self.made.add(login)
            role = ["--role", grant[0], "--unit", grant[1]] if grant else []
            self.server.run("user", "add", login, "--name", login.title(), "--password-stdin", *role,
                            text=PASSWORD + "\n")
        elif word == "run":
            self.send()
            self.answer = Printed(self.server.run(*self.expand(rest).split()))
        elif word == "as":
            self.send()
            self.become(rest)
        elif word == "code":
            self.send()
            name, secret = self.expand(rest).split()
            self.names[name] = totp(secret)
        elif word == "times":
            self.send()
            count, method, path = rest.split(" ")
            for _ in range(int(count)):
                self.pending = ((method, path, ""), {})
                self.send()
                self.check("?", "303")
        elif word == "walk":
            self.send()
            self.walk(*rest.split(" = "))
        else:
            self.send()
            self.check(word, rest)

    def become(self, login):
        """Go on with the cookies of an account, and the token of its forms."""
        self.jar = self.jars.setdefault(login, Jar())
        if login == "nobody" or self.jar.cookies:
            self.names["ma"] = self.jar.token or ""
            return
        password = PASSWORD if login in self.made else DEMO_PASSWORD
        form = urllib.parse.urlencode({"tai_khoan": login, "mat_khau": password})
        answer = self.server.ask("POST", "/dang_nhap", {}, form)
        if answer.status != 303:
            raise SystemExit(f"{self.path}:{self.number}: {login} is not let in:\n{answer.text}")
        self.jar.take(answer)
        page = self.server.ask("GET", "/tai_khoan", {"Cookie": self.jar.header()})
        self.names["ma"] = self.jar.token = re.search(r'name="ma" value="([^"]+)"', page.text)[1]

    def check(self, word, rest):
        self.checks += 1
        if word == "?":
            if self.answer.status != int(rest):
                self.fail(f"status {self.answer.status} instead of {rest}\n"
                          f"{self.answer.text[:1500]}")
        elif word == "+":
            if self.expand(rest) not in self.answer.text:
                self.fail(f"does not say: {self.expand(rest)}")
        elif word == "-":
            if self.expand(rest) in self.answer.text:
                self.fail(f"says: {self.expand(rest)}")
        elif word.startswith("$"):
            match = re.search(rest.partition("= ")[2], self.answer.text)
            if match is None:
                self.fail(f"nothing fits {rest}")
            else:
                self.names[word[1:]] = match[1]
        else:
            self.fail(f"not understood: {word} {rest}")

    def walk(self, path, wanted):
        rows, start = [], path
        while path:
            answer = self.server.ask("GET", path, {"Accept": "application/json",
                                                   "Cookie": self.jar.header()})
            data = json.loads(answer.body)
            rows += [row["code"] for row in data["records"]]
            path = urllib.parse.urldefrag(data["next"] or "")[0]
        self.checks += 1
        if len(rows) != int(wanted):
            self.fail(f"{start}: {len(rows)} rows instead of {wanted}")
        if start.startswith("/so/") and len(set(rows)) != len(rows):
            self.fail(f"{start}: a record twice")

    def crawl(self, start):
        """Each page once, several at a time."""
        queue, seen = [start], {start}
        cookies = {"Cookie": self.jar.header()} if self.jar.cookies else {}
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            while queue:
                paths, queue = queue[:4 * TOGETHER], queue[4 * TOGETHER:]
                answers = pool.map(lambda path: self.server.ask("GET", path, dict(cookies)), paths)
                for path, answer in zip(paths, answers):
                    for target in self.look(path, answer):
                        if target not in seen and len(seen) < PAGES:
                            seen.add(target)
                            queue.append(target)
        if len(seen) < 5:
            self.fail(f"only {len(seen)} pages found")

    def look(self, path, answer):
        """One page of a crawl; where it leads."""
        self.checks += 1
        for fault in answer.faults(self.server.is_demo):
            self.fail(f"{path}: {fault}")
        if answer.status != 200:
            self.fail(f"{path}: status {answer.status}")
        links = [] if answer.page is None else answer.page.links
        targets = [urllib.parse.urldefrag(link)[0] for link in links]
        return [target for target in targets if target.startswith("/")]

    def run(self):
        with open(self.path, encoding="utf-8") as file:
            lines = file.read().splitlines()
        for text in lines:
            if text.startswith("database "):
                self.line(text)
        with tempfile.TemporaryDirectory() as folder:
            self.server = Server(self.kind, folder)
            try:
                for self.number, text in enumerate(lines, 1):
                    if text.strip() and not text.startswith("#"):
                        self.line(text)
                self.send()
            finally:
                self.server.stop()
        if self.checks == 0:
            self.fail("nothing was checked")
        return self.failures


def main():
    failed = 0
    for path in sys.argv[1:]:
        script = Script(path)
        failures = script.run()
        print("\n".join(failures) or f"{path}: {script.checks} checks passed")
        failed += bool(failures)
    return failed > 0 or len(sys.argv) < 2


if __name__ == "__main__":
    sys.exit(main())
