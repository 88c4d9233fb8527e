// More tasks of a working day: meetings with a photo, reports, what was returned, approving, reminding, a closed case, cells from
// a table program, and the commitments of a whole branch. Each time by people and on a unit of their own.
import path from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { checkPage } from "./check.mjs";
import { PHONE, actAs, become, holds, same, test } from "./harness.mjs";
import { Meter } from "./meter.mjs";

const ANYBODY = { hasAccounts: true };
const TOPIC = "Học tập chuyên đề quý, giao việc", REASON = "Ghi rõ số đồng chí vắng, lý do";
const COMMITMENT = "Đọc báo Nhân dân mỗi ngày và ghi lại một việc làm theo Bác.";
const BRANCHES = ["vphu", "kb", "cs01", "cs02", ...Array.from({ length: 14 }, (_, i) => `cb${String(i + 2).padStart(2, "0")}`)];

/* A secretary of a branch where nobody has been yet; its code. */
async function secretary({ page, browser, site }) {
  const branch = BRANCHES.pop(), unit = `bt.cl.${branch}`, login = `bi_thu_${branch}`;
  await become(page, browser, site, login, "chi_bo", unit);
  return { unit, login };
}

/* A photo as a camera makes it, of few bytes. */
async function photo(browser) {
  const page = await browser.newPage();
  const buffer = await page.screenshot({ type: "jpeg" });
  await page.close();
  return { name: "IMG_2.jpg", mimeType: "image/jpeg", buffer };
}

const newRecord = (page, name) => page.locator("#ghi-moi ~ ul").getByRole("link", { name, exact: true });
const first = (page, name) => page.locator(`[name="f.thanh_phan.0.${name}"]`);

/* What is filled in of a meeting. */
async function meet(meter, page, topic = TOPIC) {
  await meter.check(page.getByLabel("Sinh hoạt chi bộ"));
  await meter.type(page.getByLabel("Nội dung"), topic);
  await meter.choose(first(page, "kieu"), "dang_vien");
  await meter.type(first(page, "so_trieu_tap"), "12");
  await meter.type(first(page, "so_du"), "11");
}

/* A meeting that waits for the committee above; its address. */
async function submitMeeting(page, site, unit, topic) {
  await page.goto(`${site.origin}/so/quan_triet/moi?dv=${unit}`);
  await meet(new Meter(page), page, topic);
  await page.getByRole("button", { name: "Trình duyệt" }).click();
  await page.waitForURL(/\/hs\//);
  return new URL(page.url()).pathname;
}

test("G03 a meeting of the branch is recorded with a photo", ANYBODY, async world => {
  const { page, open, browser } = world;
  await secretary(world);
  const file = await photo(browser);
  await open("/");
  const meter = new Meter(page);
  await meter.click(newRecord(page, "Quán triệt, sinh hoạt"));
  await meet(meter, page);
  meter.clicks++;
  await page.getByLabel("Chụp ảnh").setInputFiles(file);
  await meter.click(page.getByRole("button", { name: "Trình duyệt" }));
  await page.waitForURL(/\/hs\//);
  same(meter.above({ clicks: 5, loads: 3, seconds: 90 }), [], "G03");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: /IMG_2/ }).click()]);
  same(readFileSync(await download.path()).subarray(0, 3), Buffer.from([0xff, 0xd8, 0xff]), "how the photo that was kept begins");
});

test("G05 the next commitment is added from where one is, and what they share stays", ANYBODY, async ({ page, open, browser, site }) => {
  await actAs(page, browser, site, "bi_thu");
  await open("/so/dang_ky/moi?dv=bt.cl.cb01");
  const day = page.getByLabel("Ngày đăng ký"), member = page.getByLabel("Người đăng ký"), words = page.getByLabel("I. Học tập");
  await member.selectOption({ index: 1 });
  await day.fill("02/09/2026");
  await words.fill(COMMITMENT);
  await page.getByRole("button", { name: "Lưu và thêm tiếp" }).click();
  await page.waitForURL(/giu=/);
  const meter = new Meter(page);
  same([await day.inputValue(), await page.getByLabel("Năm", { exact: false }).first().inputValue(), await words.inputValue()],
    ["02/09/2026", "2026", ""], "day and year are kept, the other's words are not");
  holds(await member.evaluate(list => list.selectedIndex) > 1, "the next member without one is chosen");
  meter.decide();
  await meter.type(words, COMMITMENT);
  await meter.click(page.getByRole("button", { name: "Lưu và thêm tiếp" }));
  await page.waitForFunction(() => document.querySelector("[id='f.hoc_tap']").value === "");
  same(meter.above({ clicks: 1, loads: 1, seconds: 60 }), [], "G05");
});

/* From the home page to the report that is due, and off with it. */
async function report(meter, page, name, words) {
  await meter.click(page.getByRole("link", { name }).first());
  await page.waitForURL(/\/nop/);
  await meter.type(page.getByLabel("Nhận xét, kiến nghị"), words);
  await meter.click(page.getByRole("button", { name: /Gửi (lại )?báo cáo/ }));
  await page.getByText(/Đã lưu: báo cáo/).waitFor();
}

test("G06 and G07 a report of the branch is sent, comes back with a reason and is sent again", ANYBODY, async world => {
  const { page, open, browser, site } = world;
  const { login, unit } = await secretary(world);
  await open("/");
  const meter = new Meter(page);
  await report(meter, page, "Soạn báo cáo", TOPIC);
  same(meter.above({ clicks: 4, loads: 3, seconds: 120 }), [], "G06");
  const address = new URL(page.url()), period = address.searchParams.get("ky");
  await actAs(page, browser, site, "van_phong");
  await open(`/nop?dv=${unit}&ky=${period}`);
  await page.getByText("Trả lại báo cáo…").click();
  await page.getByLabel("Lý do").fill(REASON);
  await page.getByRole("button", { name: "Trả lại" }).click();
  await page.getByText(/Đã lưu: báo cáo/).waitFor();
  await actAs(page, browser, site, login);
  await open("/");
  const again = new Meter(page);
  await again.click(page.locator(".tasks a.button").first());
  await page.waitForURL(/\/nop/);
  await page.getByText(`Lý do trả lại: “${REASON}”`).waitFor();
  same(await page.getByLabel("Nhận xét, kiến nghị").inputValue(), TOPIC, "what was written before");
  await again.type(page.getByLabel("Nhận xét, kiến nghị"), REASON);
  await again.click(page.getByRole("button", { name: "Gửi lại báo cáo" }));
  await page.getByText(/Đã lưu: báo cáo/).waitFor();
  same(again.above({ clicks: 3, loads: 3, seconds: 60 }), [], "G07");
});

test("G07 a record that came back says why beside the field, and is sent again", ANYBODY, async world => {
  const { page, open, browser, site } = world;
  const { login, unit } = await secretary(world);
  const record = await submitMeeting(page, site, unit);
  await actAs(page, browser, site, "lanh_dao");
  await open(record);
  await page.getByText("Trả lại…").click();
  await page.getByLabel("Lý do").fill(REASON);
  await page.getByLabel("Về ô nào").selectOption({ label: "Nội dung" });
  await page.getByRole("button", { name: "Trả lại" }).click();
  await page.getByText("Bị trả lại").first().waitFor();
  await actAs(page, browser, site, login);
  await open("/");
  const meter = new Meter(page);
  await meter.click(page.locator(".tasks").getByRole("link", { name: "Sửa" }).first());
  await page.getByLabel("Nội dung").waitFor();
  holds(await page.locator(".field", { has: page.getByLabel("Nội dung") }).getByText(`Lý do trả lại: “${REASON}”`).isVisible(), "no reason beside the field");
  await meter.type(page.getByLabel("Nội dung"), REASON);
  await meter.click(page.getByRole("button", { name: "Trình duyệt" }));
  await page.waitForURL(new RegExp(`${record}(\\?|$)`));
  await page.getByText("Chờ duyệt").first().waitFor();
  same(meter.above({ clicks: 3, loads: 3, seconds: 60 }), [], "G07");
});

test("G16 a leader approves from the phone with the whole text before the eyes", { ...ANYBODY, sizes: [PHONE] }, async world => {
  const { page, open, browser, site, hasScript } = world;
  const { unit } = await secretary(world);
  const text = `${TOPIC} ${COMMITMENT.repeat(20)} Hết.`;
  const record = await submitMeeting(page, site, unit, text);
  await actAs(page, browser, site, "lanh_dao");
  await open("/");
  if (hasScript) await checkPage(page);
  const meter = new Meter(page);
  await meter.click(page.locator(`.tasks a[href^="${record}"]`));
  await page.locator("dd", { hasText: "Hết." }).first().waitFor();
  same(await page.locator("dd", { hasText: "Hết." }).first().textContent(), text, "the text");
  await meter.click(page.getByRole("button", { name: "Duyệt", exact: true }));
  await page.getByText("Đã duyệt").first().waitFor();
  same(meter.above({ clicks: 2, loads: 2, seconds: 20 }), [], "G16");
});

test("G17 all who are late are reminded with one message", ANYBODY, async ({ page, open, browser, site }) => {
  await actAs(page, browser, site, "lanh_dao");
  await open("/");
  const meter = new Meter(page);
  await meter.click(page.getByRole("link", { name: /Đôn đốc \d+ đơn vị/ }));
  await page.getByText(/\d+ đơn vị chưa gửi/).waitFor();
  holds(await page.locator("[name=don_vi]:checked").count() > 10, "not all are picked");
  await meter.click(page.getByRole("button", { name: "Đôn đốc" }));
  await page.locator("[data-done]").waitFor();
  same(meter.above({ clicks: 3, loads: 2, seconds: 20 }), [], "G17");
});

test("G22 a case of inspection is opened and concluded, and is not there for others", { ...ANYBODY, mayComplain: true }, async ({ page, open, browser, site }) => {
  await actAs(page, browser, site, "ubkt");
  await open("/");
  await newRecord(page, "Kiểm tra, giám sát").click();
  await page.getByLabel(/^Loại/).selectOption("kiem_tra_chap_hanh");
  await page.getByRole("group", { name: /^Chủ thể/ }).getByLabel("Ủy ban kiểm tra").check();
  await page.getByLabel(/^Cấp thực hiện/).selectOption("huyen");
  await page.locator("[name='f.doi_tuong.0.kieu']").selectOption("tcd");
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await page.waitForURL(/\/hs\//);
  const record = new URL(page.url()).pathname;
  await open(`${record}/sua`);
  await page.locator("[name='f.ngay_ket_luan']").fill("20/11/2026");
  await page.getByRole("button", { name: "Kết luận" }).click();
  await page.getByText("Đã kết luận").first().waitFor();
  for (const login of ["bi_thu", "van_phong", "mttq", "tuyen_giao"]) {
    await actAs(page, browser, site, login);
    for (const address of [record, `${record}/sua`, `${record}.json`]) {
      await open(address);
      same(page.answer.status(), 404, `${address} for ${login}`);
    }
  }
});

/* What a table program puts on the clipboard: 20 rows of part, task, result, day and what it is tied to. */
const CELLS = Array.from({ length: 20 }, (_, i) => ["IV. Nhiệm vụ, việc làm theo", `Việc số ${i + 1}`, `${i + 1} buổi`, "30/11/2026", "Nhiệm vụ được giao"].join("\t")).join("\r\n");

test("G09 twenty rows of five cells come from a table program", ANYBODY, async ({ page, open, browser, site, hasScript }) => {
  await actAs(page, browser, site, "bi_thu");
  await open("/so/dang_ky/moi?dv=bt.cl.cb01");
  await page.getByLabel("Tập thể").check();
  const meter = new Meter(page), rows = page.locator("[id='f.noi_dung']"), box = rows.getByLabel("Các ô chép từ Excel");
  await meter.click(rows.getByText("Dán nhiều dòng từ Excel"));
  if (hasScript) {
    meter.keys++;
    await box.evaluate((area, text) => {
      const data = new DataTransfer();
      data.setData("text", text);
      area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, CELLS);
    same(await rows.locator("[data-row]").count(), 20, "rows that the script made");
  } else await meter.type(box, CELLS, { isPasted: true });
  await meter.click(page.getByRole("button", { name: "Lưu nháp" }));
  await page.waitForURL(/\/hs\//);
  same(meter.above({ clicks: 2, loads: 1, seconds: 30 }), [], "G09");
  const kept = page.locator("section.scroll", { has: page.locator("caption", { hasText: "Việc đăng ký" }) }).locator("tbody tr");
  same(await kept.count(), 20, "rows that were kept");
  same((await kept.nth(19).locator("td").allTextContents()).slice(0, 5), ["IV. Nhiệm vụ, việc làm theo", "Việc số 20", "20 buổi", "30/11/2026", "Nhiệm vụ được giao"], "the last row");
});

test("commitments of thirty members are recorded and confirmed in less than five minutes", { ...ANYBODY, sizes: [PHONE] }, async world => {
  const { page, open, site, hasScript } = world;
  const { unit } = await secretary(world);
  const people = Array.from({ length: 30 }, (_, i) => `${unit}-${i}\tHoàng Văn ${i + 1}\t\t${unit}\t2020-01-01\t\tchinh_thuc\t`);
  const file = path.join(site.folder, `${unit}.tsv`);
  writeFileSync(file, ["origin\tname\tgiven\tunit\tfrom\tto\tstatus\tpost", ...people, ""].join("\n"));
  site.run(["person", "import", file]);
  await open("/");
  const meter = new Meter(page);
  await meter.click(page.locator("#cac-so ~ ul").getByRole("link", { name: "Đăng ký, cam kết" }));
  await meter.click(page.getByRole("link", { name: "Ghi cho cả chi bộ theo danh sách" }));
  const boxes = page.locator("[name=nguoi]");
  holds(await boxes.count() >= 30, "the members are not listed");
  for (const member of people) await meter.check(page.getByRole("checkbox", { name: member.split("\t")[1], exact: true }));
  await meter.click(page.getByRole("button", { name: "Gửi chi bộ" }));
  await page.waitForURL(/da_lam=30/);
  await meter.click(page.locator(".bottom, nav").getByRole("link", { name: /^Duyệt/ }).last());
  if (hasScript) await meter.check(page.getByLabel("Chọn tất cả"));
  else for (const box of await page.locator("tbody [name=hs]").all()) await meter.check(box);
  await meter.click(page.getByRole("button", { name: "Xác nhận" }));
  await page.getByText("Đã làm với 30 hồ sơ.").waitFor();
  same(meter.above({ seconds: 300 }), [], "thirty commitments");
});
