// Tasks of people's working day within their clicks, page loads and seconds; a phone and a desk, with a script and without.
import { DESK, holds, same, test } from "./harness.mjs";
import { Meter } from "./meter.mjs";

const COMMITMENT = "Đọc báo Nhân dân mỗi ngày và ghi lại một việc làm theo Bác.";
const REASON = "Ghi rõ việc làm cụ thể, thời hạn";

/* What one fills in of a commitment. */
async function commit(meter, page, member) {
  await meter.choose(page.getByLabel("Người đăng ký"), { index: member });
  await meter.type(page.getByLabel("Năm"), "2026");
  await meter.type(page.getByLabel("I. Học tập"), COMMITMENT);
}

test("G04 a secretary records one member's commitment, from the home page", { as: "bi_thu" }, async ({ page, open }) => {
  await open("/");
  const meter = new Meter(page);
  await meter.click(page.locator("#ghi-moi ~ ul").getByRole("link", { name: "Đăng ký, cam kết" }));
  await commit(meter, page, 1);
  await meter.click(page.getByRole("button", { name: "Gửi chi bộ" }));
  await page.waitForURL(/\/hs\//);
  same(meter.above({ clicks: 4, loads: 3, seconds: 75 }), [], "G04");
});

test("G10 and G11 what waits is decided in one go, or sent back with a reason", { as: "bi_thu", sizes: [DESK] }, async ({ page, open, hasScript }) => {
  for (let member = 1; member <= 3; member++) {
    await open("/so/dang_ky/moi?dv=bt.cl.cb01");
    await commit(new Meter(page), page, member);
    await page.getByRole("button", { name: "Gửi chi bộ" }).click();
    await page.waitForURL(/\/hs\//);
  }
  await open("/");
  const back = new Meter(page);
  await back.click(page.getByRole("link", { name: "Duyệt" }).first());
  await back.check(page.locator("tbody [name=hs]").first());
  await back.click(page.locator("summary", { hasText: "Trả lại" }));
  await back.type(page.getByLabel("Lý do"), REASON);
  await back.click(page.locator("details").getByRole("button").first());
  await page.getByText("Đã làm với 1 hồ sơ.").waitFor();
  same(back.above({ clicks: 4, loads: 2, seconds: 40 }), [], "G11");
  const rest = await page.locator("tbody [name=hs]").count();
  holds(rest >= 2, `${rest} records wait`);
  const all = new Meter(page);
  if (hasScript) await all.check(page.getByLabel("Chọn tất cả"));
  else for (const box of await page.locator("tbody [name=hs]").all()) await box.check();
  await all.click(page.getByRole("button", { name: "Xác nhận" }));
  await page.getByText(`Đã làm với ${rest} hồ sơ.`).waitFor();
  same(all.above({ clicks: 3, loads: 2, seconds: 25 }), [], "G10");
});

test("G13 a record or a unit is found by text without accents", { as: "van_phong" }, async ({ page, open }) => {
  await open("/");
  const meter = new Meter(page);
  await meter.type(page.locator("#tim"), "hu gao tinh");
  await page.locator("#tim").focus();
  await meter.press("Enter");
  await page.getByRole("link", { name: /Hũ gạo tình thương/ }).first().waitFor();
  same(meter.above({ clicks: 1, loads: 1, seconds: 15 }), [], "G13");
});

test("G14 a leader sees how the units are doing without a click", { as: "lanh_dao" }, async ({ page, open }) => {
  const meter = new Meter(page);
  await open("/");
  await page.getByRole("heading", { name: "Các đơn vị trực thuộc" }).waitFor();
  holds(await page.locator("#tien-do ~ section tbody tr, #tien-do ~ .scroll tbody tr").count() > 10, "the units are not listed");
  same(meter.above({ clicks: 0, loads: 1, seconds: 5 }), [], "G14");
});

test("G15 the records behind a figure are two clicks away", { as: "lanh_dao" }, async ({ page, open }) => {
  await open("/");
  const meter = new Meter(page);
  await meter.click(page.locator(".tiles a", { hasNotText: /^0 / }).first());
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("heading", { name: /Hồ sơ làm nên con số|Con số này gồm những gì/ }).first().waitFor();
  same(meter.above({ clicks: 2, loads: 2, seconds: 12 }), [], "G15");
});

/* Each width and each way has units of its own: the same code cannot be given twice. */
const mark = (size, hasScript) => `${size.width}${hasScript ? "j" : "k"}`;

test("G30 an administrator adds a unit with its user and role", { as: "quan_tri" }, async ({ page, open, size, hasScript }) => {
  const own = mark(size, hasScript);
  await open("/quan_tri");
  const meter = new Meter(page);
  await meter.click(page.getByRole("link", { name: "Thêm đơn vị, người dùng" }));
  await meter.type(page.getByLabel("Mã đơn vị cấp trên"), "bt.tp");
  await meter.type(page.getByLabel("Mã đơn vị mới"), `bt.tp.g${own}`);
  await meter.type(page.getByLabel("Tên đơn vị mới"), "Xã Thử");
  await meter.choose(page.getByLabel("Cấp", { exact: true }), "xa");
  await meter.type(page.getByLabel("Tên đăng nhập"), `vp.g${own}`);
  await meter.type(page.getByLabel("Họ và tên, hoặc chức vụ"), "Lan");
  await meter.choose(page.getByLabel("Vai trò", { exact: true }), "van_phong");
  await meter.click(page.getByRole("button", { name: "Thêm", exact: true }));
  await page.getByText(/\/moi\/[\w-]{43}/).waitFor();
  same(meter.above({ clicks: 6, loads: 4, seconds: 120 }), [], "G30");
});

test("G30 an administrator merges two communes", { as: "quan_tri" }, async ({ page, open, size, hasScript }) => {
  const own = mark(size, hasScript);
  for (const half of ["a", "b"]) {
    await open("/quan_tri/them?dv=bt.tp");
    await page.getByLabel("Mã đơn vị mới").fill(`bt.tp.m${own}${half}`);
    await page.getByLabel("Tên đơn vị mới").fill(`Xã Gộp ${own} ${half}`);
    await page.getByLabel("Cấp", { exact: true }).selectOption("xa");
    await page.getByLabel("Từ ngày").fill("01/01/2019");
    await page.getByRole("button", { name: "Thêm", exact: true }).click();
    await page.getByText("Đã thêm đơn vị").waitFor();
  }
  await open("/quan_tri");
  const meter = new Meter(page);
  await meter.type(page.locator("#loc-tim"), `xa gop ${own}`);
  await page.locator("#loc-tim").focus();
  await meter.press("Enter");
  await page.getByLabel(`Chọn Xã Gộp ${own} a`).waitFor();
  for (const half of ["a", "b"]) await meter.check(page.getByLabel(`Chọn Xã Gộp ${own} ${half}`));
  await meter.click(page.getByRole("button", { name: "Gộp các đơn vị đã chọn" }));
  await meter.choose(page.getByLabel("Đơn vị kế thừa"), `bt.tp.m${own}b`);
  await meter.type(page.getByLabel("Từ ngày"), "01/07/2021");
  await meter.type(page.getByLabel("Số quyết định"), "1234/NQ-UBTVQH15");
  await meter.click(page.getByRole("button", { name: "Gộp", exact: true }));
  await page.getByText("Đã gộp các đơn vị.").waitFor();
  same(meter.above({ clicks: 6, loads: 4, seconds: 120 }), [], "G30");
});
