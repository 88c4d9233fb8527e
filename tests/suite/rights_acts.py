"""What may be done is seen to be done: each act that the tables give, by an account that has it, and
the rows of the database that it is to change. A refusal of everything would pass the other tests."""
import re

from rights_browser import Browser
from rights_country import ACCOUNTS, MEMBER, MERGED, PERIOD, REGISTERS, CODES, initial
from rights_matrix import Matrix

# What one administrator does after the other: address, form, and a table that it changes.
NEW = {"parent_code": "ta", "from": "01/01/2020", "level": "xa"}
ADMINISTRATION = [
    ("/quan_tri/them", {**NEW, "code": "ta.x8", "name": "Xã tám"}, "unit_span"),
    ("/quan_tri/them", {**NEW, "code": "ta.x9", "name": "Xã chín", "login": "x9", "label": "Người của xã",
                        "role": "don_vi"}, "account"),
    ("/quan_tri/nguoi_dung/x9", {"lam": "giao", "role": "chi_bo", "unit": "ta.x9", "from": "01/01/2021"},
     "role_grant"),
    ("/quan_tri/nguoi_dung/x9", {"lam": "thoi", "role": "chi_bo", "unit": "ta.x9", "last": "31/12/2030"},
     "role_grant"),
    ("/quan_tri/nguoi_dung/x9", {"lam": "noi", "person": "PERSON"}, "account"),
    ("/quan_tri/nguoi_dung/x9", {"lam": "moi"}, "pass"),
    ("/quan_tri/nguoi_dung/x9", {"lam": "dong"}, "account"),
    ("/quan_tri/nguoi_dung/x9", {"lam": "mo"}, "account"),
    ("/quan_tri/nguoi_dung/mttq_x1", {"lam": "dang_xuat"}, "session"),
    ("/quan_tri/don_vi/ta.x9/doi_ten", {"day": "01/01/2022", "name": "Xã mười"}, "unit_span"),
    ("/quan_tri/don_vi/ta.x9/chuyen", {"day": "01/01/2023", "other": "tb"}, "unit_span"),
    ("/quan_tri/gop", {"dv": ["ta.x8", "ta.x9"], "other": "ta.x9", "day": "01/01/2024"}, "unit_event"),
    ("/quan_tri/don_vi/ta.x9/ket_thuc", {"day": "01/01/2025"}, "unit_span"),
    ("/quan_tri/ky", {"lam": "lap", "year": "2030", "kind": "lich", "due": "5"}, "period"),
    ("/quan_tri/ky", {"lam": "them", "key": "rieng", "label": "Kỳ riêng", "from": "01/01/2031",
                      "to": "31/12/2031"}, "period"),
    ("/quan_tri/ky", {"lam": "bo_ky", "ky": "rieng"}, "period"),
    ("/quan_tri/ky", {"lam": "nghi", "day": "02/09/2030", "name": "Quốc khánh"}, "holiday"),
    ("/quan_tri/ky", {"lam": "bo_nghi", "ngay": "2030-09-02"}, "holiday"),
]


class Acts(Matrix):
    def __init__(self, room, cases, port):
        super().__init__(room, cases, port)
        self.done = set()  # (role, relation, act) of rights_units.tsv

    def must_change(self, browser, table, path, **form):
        """Does the account do it; is the table another one afterwards?"""
        before = self.room.dump(table)
        answer = browser.ask("POST", path, **form)
        has_changed = self.room.dump(table) != before
        if answer.status not in (200, 303) or not has_changed:
            said = re.findall(r'class="(?:error|notice bad)[^>]*>([^<]*)', answer.text)
            self.fail(browser.login, f"POST {path} {form}: {answer.status} {said}, {table} "
                                     f"{'changed' if has_changed else 'unchanged'}")
        return has_changed

    # Records

    def void_records(self, browser, role):
        login = browser.login
        mine = [case for case in self.cases if case.state == initial(case.reg) and
                self.may(login, case, "record")]
        if role in ("cap_uy", "chi_bo", "don_vi", "van_phong", "ubkt", "dang_vien") and not mine and \
                login != "dang_vien_x1":
            self.fail(login, "makes no record")
        for case in mine[:2]:
            code = self.code[case.origin]
            [(version, state)] = self.room.sql("SELECT version, state FROM record WHERE code = ?", code)
            answer = browser.ask("POST", f"/hs/{code}/huy", version=version, ly_do="thử")
            if answer.status != (303 if state != "void" else 400):
                self.fail(login, f"voiding {case.origin}: {answer.status}")

    def take_steps_together(self, browser):
        """A step of a record that is open to the account, on the page where several are picked."""
        for case in self.cases:
            code = self.code[case.origin]
            steps = [step["do"] for step in REGISTERS[case.reg]["transitions"]
                     if self.may(browser.login, case, "step " + step["do"]) and "needs" not in step]
            [(version, state)] = self.room.sql("SELECT version, state FROM record WHERE code = ?", code)
            if steps and state == case.state:
                self.must_change(browser, "record", "/duyet", buoc=steps[0], hs=f"{code}:{version}",
                                 ly_do="thử")
                return
        self.fail(browser.login, "may take no step")

    def keep_members(self, browser, unit):
        self.must_change(browser, "person", f"/dv/{unit}/thanh_vien", name="Nguyễn Văn Mới",
                         status="chinh_thuc", **{"from": "01/01/2024"})
        [(person,)] = self.room.sql("SELECT code FROM person WHERE name = 'Nguyễn Văn Mới'")
        self.must_change(browser, "person", f"/dv/{unit}/thanh_vien/{person}", lam="sua",
                         name="Nguyễn Văn Khác", given="Khác", status="chinh_thuc", post="")

    def contest(self, browser):
        case = next(case for case in self.cases if case.reg == "dang_ky" and case.unit == MEMBER)
        self.must_change(browser, "remark", "/toi", ho_so=self.code[case.origin], noi_dung="Sai ngày")
        self.must_change(browser, "contest", "/toi", ho_so="", noi_dung="Sai tên")

    # Units

    def do_work(self):
        """Each act in each relation that the table gives, once."""
        for login, role, _ in ACCOUNTS:
            browser = Browser(self.port, login)
            for unit in CODES:
                relation = next((one for one in ("own", "below", "above")
                                 if (login, unit, one) in self.relations), None)
                for act in ("send", "receive", "remind", "publish", "administer", "audit"):
                    if unit != MERGED and self.may_work(login, unit, act) and \
                            (role, relation, act) not in self.done and \
                            getattr(self, "do_" + act)(browser, unit, relation):
                        self.done.add((role, relation, act))

    def set_report(self, unit, state):
        [(number, shard)] = self.room.sql("SELECT u.id, u.shard FROM unit u JOIN unit_span s "
                                          "ON s.unit = u.id WHERE s.code = ?", unit)
        self.room.alter("DELETE FROM submission WHERE unit = ?", number)
        self.room.alter("INSERT INTO submission (shard, unit, period, state, note, reason, version, "
                        "sent_at, at, actor) VALUES (?, ?, ?, ?, '', NULL, 1, 1, 1, 0)", shard, number,
                        PERIOD, state)

    def report(self, browser, unit, state, act):
        self.set_report(unit, state)
        return self.must_change(browser, "submission", f"/nop/{act}", dv=unit, ky=PERIOD, version="1",
                                nhan_xet="Đủ", ly_do="Thiếu")

    def do_send(self, browser, unit, _):
        return self.report(browser, unit, "tra_lai", "gui")

    def do_receive(self, browser, unit, _):
        return self.report(browser, unit, "gui", "nhan") and self.report(browser, unit, "gui", "tra_lai")

    def do_remind(self, browser, unit, _):
        above = unit.rpartition(".")[0] or "vn"
        return self.must_change(browser, "reminder", "/nop/don_doc", dv=above, don_vi=unit, ky=PERIOD,
                                loi_nhac="Đề nghị gửi báo cáo")

    def do_publish(self, browser, unit, _):
        made = self.must_change(browser, "publication", "/ket_qua/mh_dang_ky", dv=unit, tu="01/01/2023",
                                den="31/12/2023", quyet_dinh=f"Quyết định của {browser.login}")
        [(code,)] = self.room.sql("SELECT code FROM publication WHERE decision = ?",
                                  f"Quyết định của {browser.login}")
        return made and self.must_change(browser, "publication", "/ket_qua", cong_bo=code)

    def do_administer(self, browser, unit, relation):
        """Below one's own unit; the own one is changed by who is above."""
        if relation == "own":
            return self.must_change(browser, "unit_span", "/quan_tri/them", **{
                "parent_code": unit, "code": f"{unit}.moi", "name": "Mới", "level": "xa",
                "from": "01/01/2024"})
        return self.must_change(browser, "unit_span", f"/quan_tri/don_vi/{unit}/doi_ten",
                                name=f"Tên mới {unit}", day="01/01/2024")

    def do_audit(self, browser, unit, _):
        """The records of the unit are in the chain that the account reads."""
        text = browser.ask("GET", "/nhat_ky.csv?viec=import").text
        return any(self.code[case.origin] in text for case in self.cases if case.unit == unit)

    def administer(self):
        browser = Browser(self.port, "quan_tri_vn")
        [(person,)] = self.room.sql("SELECT code FROM person WHERE origin = 'p-tb.x1'")
        for path, form, table in ADMINISTRATION:
            form = {name: person if value == "PERSON" else value for name, value in form.items()}
            self.must_change(browser, table, path, **form)
