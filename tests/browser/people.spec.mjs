// Signing in, one's own account, and the forms of registers, as the demo's accounts see them.
import { checkBudget, checkPage } from "./check.mjs";
import { DESK, PHONE, holds, same, signIn, test } from "./harness.mjs";
import { Meter } from "./meter.mjs";

const NOBODY = { hasAccounts: true };

test("signing in takes two clicks and two pages, and leads to where one wanted to go", NOBODY, async ({ page, open, site }) => {
  const meter = new Meter(page);
  await open("/dv/bt.tp");
  same(new URL(page.url()).pathname, "/dang_nhap", "where a stranger is sent");
  await meter.type(page.getByLabel("Tên đăng nhập"), "van_phong");
  await meter.type(page.getByLabel("Mật khẩu"), site.password, { isPasted: true });
  await meter.click(page.getByRole("button", { name: "Đăng nhập" }));
  await page.getByRole("heading", { level: 1, name: "Thành phố Bến Tre" }).waitFor();
  same(new URL(page.url()).pathname, "/dv/bt.tp", "where one is after signing in");
  same(meter.above({ clicks: 2, loads: 2, seconds: 30 }), [], "G01");
});

test("page of signing in is accessible, also when refused", { ...NOBODY, script: [true], mayComplain: true }, async ({ page, open, site }) => {
  await open("/dang_nhap");
  await checkPage(page);
  await signIn(page, site, "van_phong", "khong-phai-mat-khau");
  await page.locator(".summary").waitFor();
  await checkPage(page);
});

test("page of one's own account is accessible, and signing out ends it", { ...NOBODY, script: [true] }, async ({ page, open, site, size }) => {
  await open("/dang_nhap?tiep=/tai_khoan");
  await signIn(page, site, "mttq");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await checkPage(page);
  if (size === PHONE) await page.getByRole("link", { name: "Thêm" }).click();
  await page.locator(size === PHONE ? ".foot" : ".top").getByRole("button", { name: "Đăng xuất" }).click();
  await page.getByText("Đã đăng xuất.").waitFor();
  await open("/tai_khoan");
  same(new URL(page.url()).pathname, "/dang_nhap", "where one is sent after signing out");
});

const PAGES = [["bi_thu", "/", "page"], ["bi_thu", "/duyet", "list"], ["bi_thu", "/so/dang_ky?dv=bt.cl", "list"], ["van_phong", "/", "page"],
  ["van_phong", "/so/mo_hinh?dv=bt.tp", "list"], ["lanh_dao", "/", "page"], ["lanh_dao", "/duyet", "list"], ["lanh_dao", "/cs/kt_tcd?dv=bt.tp", "page"],
  ["ubkt", "/so/ktgs?dv=bt.tp", "list"], ["bi_thu", "/so/dang_ky/danh_sach?dv=bt.cl.cb01", "form"], ["tinh", "/", "page"], ["tinh", "/dv/bt.tp", "page"], ["quan_tri", "/", "page"], ["kiem_toan", "/", "page"],
  ["quan_tri", "/quan_tri", "list"], ["quan_tri", "/quan_tri/don_vi/bt.tp", "page"], ["quan_tri", "/quan_tri/don_vi/bt.tp/chuyen", "form"], ["quan_tri", "/quan_tri/gop?dv=bt.tp&dv=bt.cl", "form"],
  ["quan_tri", "/quan_tri/them", "form"], ["quan_tri", "/quan_tri/nguoi_dung", "list"], ["quan_tri", "/quan_tri/nguoi_dung/van_phong", "form"], ["quan_tri", "/quan_tri/vai_tro", "page"], ["quan_tri", "/quan_tri/ky?nam=2019", "list"],
  ["quan_tri", "/quan_tri/he_thong", "page"], ["bi_thu", "/dv/bt.cl.cb01/thanh_vien", "list"], ["bi_thu", "/thong_bao", "page"]];
for (const [login, address, kind] of PAGES) {
  test(`${login} sees ${address}: accessible, valid, narrow and light`, { as: login, script: [true] }, async ({ page, open, size, browser }) => {
    await open(address);
    same(page.answer.status(), 200, "status");
    await checkPage(page);
    if (size === PHONE) await checkBudget(browser, page.url(), kind, await page.context().cookies());
  });
}

test("what is due is there without a click, with days left", { as: "bi_thu" }, async ({ page, open }) => {
  const meter = new Meter(page);
  await open("/");
  holds(await page.locator(".tasks .due").first().isVisible(), "nothing is due");
  holds(/quá hạn \d+ ngày|còn \d+ ngày|hôm nay/.test(await page.locator(".tasks .due").first().textContent()), "the days are not told");
  same(await page.locator(".tasks .button.primary").count(), 1, "primary buttons");
  same(meter.above({ clicks: 0, loads: 1, seconds: 5 }), [], "G02");
});

for (const [login, name] of [["bi_thu", /Soạn báo cáo/], ["lanh_dao", /Đôn đốc \d+ đơn vị/]]) {
  test(`${login} goes on from the home page to ${name.source}: accessible, valid and narrow`, { as: login, script: [true] }, async ({ page, open }) => {
    await open("/");
    await page.getByRole("link", { name }).first().click();
    await page.waitForURL(/\/nop/);
    await checkPage(page);
  });
}

test("what is not for one is told as if it was not there", { as: "bi_thu", script: [true], mayComplain: true }, async ({ page, open }) => {
  await open("/so/khen_thuong/moi?dv=bt.cl.cb01");
  holds([403, 404].includes(page.answer.status()), `status ${page.answer.status()}`);
  await checkPage(page);
});

const FORMS = ["/so/dang_ky/moi?dv=bt.cl.cb01", "/so/mo_hinh/moi?dv=bt.cl.cb01"];
for (const address of FORMS) {
  test(`form ${address} is accessible and light, empty and with faults`, { as: "bi_thu", script: [true], mayComplain: true }, async ({ page, open, site, size, browser }) => {
    await open(address);
    same(page.answer.status(), 200, "status");
    await checkPage(page);
    await page.locator(".bar .primary").click();
    await page.locator(".summary").waitFor();
    same(await page.evaluate(() => document.activeElement.className), "summary", "what has the focus");
    await checkPage(page);
    for (const link of await page.locator(".summary a").all()) {
      const target = (await link.getAttribute("href")).slice(1);
      same(await page.evaluate(id => document.querySelectorAll(`[id="${id}"]`).length, target), 1, `fields that the fault #${target} leads to`);
    }
    if (size === DESK) await checkBudget(browser, site.origin + address, "form", await page.context().cookies());
  });
}
