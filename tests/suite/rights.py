"""Who sees and does what: every account asks for everything, and what it gets is compared with
tests/rights.tsv and tests/rights_units.tsv. The country is rights_country.py, the tables are
evaluated in rights_table.py, the questions are asked in rights_matrix.py and rights_offices.py, and
what may be done is done in rights_acts.py."""
import concurrent.futures
import hashlib
import http.client
import os
import re

import tools
from rights_acts import Acts
from rights_browser import ROUTES, Browser, route_of
from rights_country import (ACCOUNTS, MEMBER, REGISTERS, Case, fill, initial, make_cases, makers, several)
from rights_offices import Offices
from rights_table import table, work_table

TOGETHER = 4  # accounts at a time
# What a refused act would change.
KEPT = ["record", "history", "reader", "remark", "contest", "attachment", "submission", "reminder", "publication",
        "person", "member", "unit", "unit_span", "unit_event", "account", "role_grant", "pass", "period",
        "holiday", "draft"]

# Routes that the matrix need not ask: what each answers hangs on no right.
NO_RIGHT = {
    ("GET", "/assets/*"): "files of the program, the same for all",
    ("GET", "/dang_nhap"): "the way in; the tests of signing in ask it",
    ("POST", "/dang_nhap"): "every account of the matrix comes in by it",
    ("POST", "/dang_nhap/ma"): "needs the password's answer; the tests of signing in ask it",
    ("POST", "/dang_nhap/thiet_lap"): "the same",
    ("GET", "/moi/*"): "whoever has the link has the right; the tests of accounts ask it",
    ("POST", "/moi/*"): "the same",
    ("POST", "/dang_xuat"): "ends the session that asks",
    ("POST", "/tai_khoan/mat_khau"): "of the account that asks, with its password; names no other",
    ("POST", "/tai_khoan/ung_dung"): "the same",
    ("POST", "/tai_khoan/bo_ung_dung"): "the same",
    ("POST", "/tai_khoan/ma_du_phong"): "the same",
    ("POST", "/tai_khoan/moi_noi"): "ends the sessions of the account that asks",
    ("GET", "/he_thong/mau"): "the components of pages, with invented texts",
    ("POST", "/he_thong/mau"): "the same",
    ("POST", "/he_thong/co_chu"): "a cookie for the size of text",
    ("POST", "/he_thong/ngon_ngu"): "a cookie for the language",
}


def with_files(room, cases):
    """Some records with a file each, and the digest of it."""
    fields = {("ktgs", "ke_hoach"): "bien_ban", ("van_ban", "duyet"): "tep"}
    code = dict(room.sql("SELECT origin, code FROM record"))
    held = [case for case in cases if case.unit in ("ta.x1", MEMBER, "tb.x1") and
            (case.reg, case.state) in fields]
    for case in held:
        room.run("record", "attach", code[case.origin], fields[case.reg, case.state],
                 room.write("a.txt", f"tệp {code[case.origin]}"))
    return [(case, hashlib.sha256(f"tệp {code[case.origin]}".encode()).hexdigest()) for case in held]


def see_strangers(matrix):
    """Whoever is not signed in is sent to sign in, and learns nothing else."""
    link = http.client.HTTPConnection("127.0.0.1", matrix.port, timeout=tools.TIME_LIMIT)
    for (method, path), right in ROUTES.items():
        if right not in ("RIGHT_SIGNED_IN", "RIGHT_ADMIN"):
            continue
        link.request(method, path.replace("*", "x"), "" if method == "POST" else None,
                     {"Origin": f"http://127.0.0.1:{matrix.port}",
                      "Content-Type": "application/x-www-form-urlencoded"})
        answer = link.getresponse()
        answer.read()
        leads = (answer.getheader("Location") or "").startswith("/dang_nhap")
        if not (answer.status == 401 if method == "POST" else answer.status == 303 and leads):
            matrix.fail("nobody signed in", f"{method} {path}: {answer.status}")
    link.close()


def see_routes(matrix):
    """Each is asked, or stands in the list with its reason; the list holds no other."""
    for route in ROUTES:
        tools.same(route_of(route[0], route[1].replace("*", "x")), route, "the route of its own address")
        if route not in matrix.routes and route not in NO_RIGHT:
            matrix.fail("the matrix", f"{' '.join(route)} is asked by no family")
    for route in NO_RIGHT:
        if route not in ROUTES:
            matrix.fail("the matrix", f"{' '.join(route)} is no route of the program")


def ask_as(matrix, account, families=Offices.FAMILIES):
    matrix.ask_all(Browser(matrix.port, account[0]), families)


def test_everybody_gets_what_the_tables_give_and_nothing_else(room):
    cases = make_cases()
    fill(room, cases)
    files = with_files(room, cases)
    kept = [table for table in KEPT if table in room.tables()]
    before = room.dump(*kept)
    with tools.Server(room) as server:
        matrix = Offices(room, cases, server.port)
        matrix.files = files
        matrix.read_facts()
        other = Browser(server.port, "nobody")
        matrix.foreign = other.session()
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            list(pool.map(lambda account: ask_as(matrix, account), ACCOUNTS))
        see_strangers(matrix)
        other.link.close()  # it was idle; the next question opens it again
        tools.same(other.ask("GET", "/tai_khoan").status, 200, "a session that others would have ended")
    see_routes(matrix)
    found = "\n".join(matrix.wrong[:40])
    tools.holds(not matrix.wrong, f"{len(matrix.wrong)} of {sum(matrix.asked.values())}:\n{found}")
    after = room.dump(*kept)
    tools.same([table for table in kept if after[table] != before[table]], [],
               "tables that refused acts have changed")
    print(f"{sum(matrix.asked.values())} questions", flush=True)


def test_a_route_that_nobody_asks_is_found(_):
    class Matrix:
        routes, wrong = set(ROUTES) - {("POST", "/nop/nhan")}, []

        def fail(self, *what):
            self.wrong.append(what)

    matrix = Matrix()
    see_routes(matrix)
    tools.same(matrix.wrong, [("the matrix", "POST /nop/nhan is asked by no family")], "routes")


def crafted(browser, reg, field, value):
    """What a form of the member's branch is answered that names somebody or something in a field."""
    form = {}
    for path, text in Case(0, reg, MEMBER, initial(reg)).values.items():
        is_code = text.startswith("p-") or re.match(r"[a-z_]+-ta\.", text)
        form["f." + path.replace(".", ".0.", 1)] = "" if is_code else text
    form["f." + field] = value
    return browser.ask("POST", f"/so/{reg}/moi", dv=MEMBER, khoa="01zzzzzzzzzz", **form)


def test_a_form_names_nothing_that_its_writer_may_not_know(room):
    cases = make_cases()
    fill(room, cases)
    people = dict(room.sql("SELECT origin, code FROM person"))
    records = dict(room.sql("SELECT origin, code FROM record"))
    with tools.Server(room) as server:
        browser = Browser(server.port, "chi_bo_cb")
        stranger, member = people["p-tb.x1.cb1"], people["p-" + MEMBER]
        foreign = records["chuyen_de-tb.x1.cb1-duyet"]
        for reg, field, value, other in (
                ("dang_ky", "nguoi", stranger, stranger[:2] + "000000000" + stranger[-1]),
                ("dang_ky", "chuyen_de", foreign, foreign[:2] + "000000000" + foreign[-1]),
                ("ktgs", "don_vi_phoi_hop", "tb.x1", "zz.x1")):
            found, wanted = (crafted(browser, reg, field, one) for one in (value, other))
            tools.same(found.status, 422, f"{reg}.{field} = {value}: {found.text[:3000]}")
            tools.same(found.like(value, other), wanted.like(value, other), f"{reg}.{field}")
        tools.same(crafted(browser, "dang_ky", "nguoi", member).status, 303, "one's own member")


def takers(reg):
    return {role for step in REGISTERS[reg]["transitions"] for role in several(step["by"])}


def test_what_is_explained_is_the_table(room):
    room.run("init", "--pack", tools.PACK)
    told = room.json("explain", "rights")
    found = {(row["role"], row["relation"], reg, action) for row in told["rights"]
             for reg in row["registers"].split(", ") for action in row["actions"].split()}
    wanted = {(role, relation, reg, action) for role, relation, visibility, action, given in table()
              for reg, one in REGISTERS.items() if one["visibility"] == visibility
              if given == "yes" or role == "*" or
              role in (makers(reg) if action == "record" else takers(reg))}
    tools.same(found ^ wanted, set(), "rights that only one of the two has")
    steps = {(row["register"], row["verb"], row["roles"]) for row in told["steps"]}
    tools.same(steps, {(reg, step["do"], ", ".join(several(step["by"]))) for reg, one in REGISTERS.items()
                       for step in one["transitions"]}, "steps")
    one = room.json("explain", "rights", "--role", "mttq")
    tools.same({row["role"] for row in one["rights"]}, {"*", "mttq"}, "roles")
    room.run("explain", "rights", "--role", "khong_co", code=1)


def test_what_may_be_done_is_done(room):
    """One of each kind for each account; what the others may not is asked with everything else."""
    cases = make_cases()
    fill(room, cases)
    with tools.Server(room) as server:
        acts = Acts(room, cases, server.port)
        for login, role, _ in ACCOUNTS:
            acts.void_records(Browser(server.port, login), role)
        acts.take_steps_together(Browser(server.port, "cap_uy_ta"))
        acts.keep_members(Browser(server.port, "chi_bo_cb"), MEMBER)
        acts.contest(Browser(server.port, "dang_vien_cb"))
        acts.do_work()
        acts.administer()
    tools.same(acts.wrong, [], "acts")
    wanted = {(role, relation, act) for role, relation, act, _ in work_table()}
    tools.same(wanted - acts.done, set(), "what the table gives and nobody has done")


# A right that is not asked where it should be; who notices, and by asking what.
PLANTS = [("right_not_asked", "van_phong_x1", "records"), ("list_not_scoped", "chi_bo_cb", "lists"),
          ("mask_not_applied", "van_phong_x1", "records"), ("figure_not_asked", "mttq_x1", "figures"),
          ("unit_not_administered", "quan_tri_ta", "administration"),
          ("receiver_not_asked", "chi_bo_x1", "reports")]


def test_each_planted_defect_is_found(room):
    if "CHITHI_HAS_PLANTS" not in os.environ:
        raise tools.Skip("the program is built without -Dplant=true")
    cases = make_cases()
    fill(room, cases)
    for plant, login, family in PLANTS:
        account = next(one for one in ACCOUNTS if one[0] == login)
        for name in (plant, ""):
            os.environ["CHITHI_PLANT"] = name
            with tools.Server(room) as server:
                matrix = Offices(room, cases, server.port)
                os.environ["CHITHI_PLANT"] = ""
                matrix.read_facts()
                ask_as(matrix, account, [family])
            tools.same(bool(matrix.wrong), name != "", f"planted {plant!r}: {matrix.wrong[:3]}")


if __name__ == "__main__":
    tools.main(globals())
