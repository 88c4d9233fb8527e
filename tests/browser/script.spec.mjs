// What the script adds to pages. The server's answers are stood in for where the showcase has none of its own.
import { DESK, PHONE, holds, same, test } from "./harness.mjs";

const ON = { script: [true] }, DESK_ON = { script: [true], sizes: [DESK] };
const SHOWCASE = "/he_thong/mau";
const names = page => page.locator(".rows-editor [data-row] :is(input, select)").evaluateAll(fields => fields.map(field => field.name));
const values = page => page.locator(".rows-editor [data-row] :is(input, select)").evaluateAll(fields => fields.map(field => field.value));

/* The showcase with something in it changed. */
async function altered(page, from, to) {
  await page.route(url => url.pathname === SHOWCASE, async route => {
    const answer = await route.fetch(), body = await answer.text();
    holds(body.includes(from), `the showcase has no ${from}`);
    await route.fulfill({ response: answer, body: body.replace(from, to) });
  }, { times: 1 });
}
/* What the showcase's draft is answered with. */
const saving = (page, answer) => page.route(url => url.pathname === SHOWCASE,
  route => route.request().method() === "POST" ? answer(route) : route.fallback());
const drafts = page => page.evaluate(() => localStorage.getItem("chithi.nhap.mau"));
const until = (page, holding, argument) => page.waitForFunction(holding, argument, { timeout: 6000 });

test("script asks before what cannot be taken back", ON, async ({ page, open }) => {
  await open(SHOWCASE);
  await page.evaluate(() => document.addEventListener("click", event => { if (event.target.textContent === "Hủy hồ sơ" && !event.target.closest("dialog")) window.went = (window.went ?? 0) + 1; }));
  const button = page.locator("main").getByRole("button", { name: "Hủy hồ sơ" }), dialog = page.getByRole("dialog");
  await button.click();
  await dialog.getByText("không còn tính vào con số nào").waitFor();
  same(await page.evaluate(() => document.activeElement.textContent), "Quay lại", "what has the focus");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  same(await page.evaluate(() => window.went), undefined, "gone on after Escape");
  same(await page.evaluate(() => document.activeElement.textContent), "Hủy hồ sơ", "where the focus goes back to");
  await button.click();
  await dialog.getByRole("button", { name: "Hủy hồ sơ" }).click();
  await until(page, () => window.went === 1);
  await button.click();
  same(await dialog.isVisible(), true, "asked again the next time");
});

test("script adds and takes away rows, numbered as the server reads them", ON, async ({ page, open }) => {
  await open(SHOWCASE);
  await page.getByRole("button", { name: "Thêm dòng" }).click();
  await page.getByRole("button", { name: "Thêm dòng" }).click();
  same(await page.evaluate(() => document.activeElement.name), "doi_tuong.2.kieu", "what has the focus");
  await page.locator("[name='doi_tuong.2.so_luong']").fill("7");
  await page.getByRole("button", { name: "Bỏ dòng 2" }).click();
  same(await names(page), ["doi_tuong.0.kieu", "doi_tuong.0.so_luong", "doi_tuong.1.kieu", "doi_tuong.1.so_luong"], "names");
  same((await values(page))[3], "7", "the value of the row that moved up");
  same(await page.locator("label[for='doi_tuong.1.so_luong']").count(), 1, "labels of the row that moved up");
  same(await page.locator("[data-remove-row]").evaluateAll(all => all.map(one => one.value)), ["doi_tuong.0", "doi_tuong.1"], "what the buttons stand for");
});

test("rows are added by the server where there is no script", { script: [false], sizes: [PHONE] }, async ({ page, open }) => {
  await open(SHOWCASE);
  await page.getByRole("button", { name: "Thêm dòng" }).click();
  await page.waitForURL(/them=doi_tuong/);
  holds(page.url().includes("doi_tuong.0.so_luong=1"), "the rows that are there are not sent");
});

test("cells pasted from a spreadsheet become rows", DESK_ON, async ({ page, open }) => {
  await open(SHOWCASE);
  await page.getByText("Dán nhiều dòng từ Excel").click();
  const lines = Array.from({ length: 20 }, (_, i) => `${i % 2 ? "dang vien" : "Tổ chức đảng"}\t${i + 1}`).join("\r\n");
  await page.locator("#m-dan").evaluate((area, text) => {
    const data = new DataTransfer();
    data.setData("text", text);
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, `${lines}\r\n`);
  const found = await values(page);
  same(found.length, 42, "fields: a row that was there and 20");
  same(found.slice(2, 6), ["Tổ chức đảng", "1", "Đảng viên", "2"], "the first rows pasted");
  await page.getByText("Đã đưa 20 dòng vào bảng.").waitFor();
});

test("a form is sent without leaving the page, and its faults are where one looks", { ...ON, mayComplain: true }, async ({ page, open, site }) => {
  await open(SHOWCASE);
  await page.route(/ten=B/, async route => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, status: 422, body: (await answer.text()).replace("Có 2 mục cần sửa", "Có 3 mục cần sửa") });
  });
  await page.evaluate(() => { window.stayed = true; });
  await page.locator("#m-ten").fill("B");
  await page.getByRole("button", { name: "Trình duyệt" }).last().click();
  await page.getByText("Có 3 mục cần sửa").waitFor();
  same(await page.evaluate(() => document.activeElement.className), "summary", "what has the focus");
  same(await page.evaluate(() => window.stayed), true, "the page was left");
  same(page.url(), site.origin + SHOWCASE, "the address after faults");
  same(await page.locator("#bieu-mau").count(), 1, "forms");
});

test("a form that is pressed twice is sent once", ON, async ({ page, open }) => {
  await open(SHOWCASE);
  let count = 0;
  await page.route(/co_mat=/, async route => {
    count++;
    await new Promise(resolve => setTimeout(resolve, 600));
    await route.continue();
  });
  await page.getByRole("button", { name: "Xác nhận đã đánh dấu" }).evaluate(button => { button.click(); button.click(); setTimeout(() => button.click(), 100); });
  await page.waitForURL(/co_mat=/);
  same(count, 1, "requests");
});

test("what is typed is saved by itself, and the hour is told", ON, async ({ page, open }) => {
  await open(SHOWCASE);
  const bodies = [];
  await saving(page, route => {
    bodies.push(route.request().postData());
    return route.fulfill({ status: 200, contentType: "application/json", body: "{}" });
  });
  await page.locator("#m-nd").fill("Đọc báo");
  holds((await drafts(page)).includes("Đọc báo"), "nothing is kept on the machine while it is not saved");
  await page.getByText(/Đã tự lưu nháp \d\d:\d\d/).waitFor();
  same(bodies.length, 1, "savings");
  const sent = new URLSearchParams(bodies[0]);
  same([sent.get("nd"), sent.get("lam")], ["Đọc báo", "nhap"], "what was saved, and as what");
  same(await drafts(page), null, "what is kept on the machine after it was saved");
});

test("text typed without a network outlives a reload, and goes when there is one again", { ...ON, mayComplain: true }, async ({ page, open }) => {
  let isOff = true;
  await open(SHOWCASE);
  await saving(page, route => isOff ? route.abort() : route.fulfill({ status: 200, body: "{}" }));
  await page.getByRole("button", { name: "Thêm dòng" }).click();
  await page.locator("[name='doi_tuong.1.so_luong']").fill("31");
  await page.locator("#m-nd").fill("Giúp hộ nghèo");
  await page.getByLabel("Cá nhân").check();
  await page.locator(".offline[data-made]").waitFor();
  holds((await page.locator(".offline[data-made]").textContent()).includes("vẫn còn trên máy"), "the words of the banner");
  await page.reload();
  same(await page.locator("#m-nd").inputValue(), "Giúp hộ nghèo", "the text after a reload");
  same(await page.locator("[name='doi_tuong.1.so_luong']").inputValue(), "31", "the row after a reload");
  same(await page.getByLabel("Cá nhân").isChecked(), true, "the choice after a reload");
  await page.getByText("Đã lấy lại nội dung đang gõ dở").waitFor();
  isOff = false;
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.getByText(/Đã tự lưu nháp/).waitFor();
  same(await drafts(page), null, "what is kept after it was saved");
  same(await page.locator(".offline[data-made]").isHidden(), true, "the banner is gone");
});

test("one box picks all, and the buttons say how many", ON, async ({ page, open }) => {
  await open(SHOWCASE);
  await page.getByLabel("Chọn tất cả").check();
  same(await page.locator("[name=ma]:checked").count(), 4, "boxes after all");
  await page.getByRole("button", { name: "Duyệt 4 mục đã chọn" }).waitFor();
  await page.locator("[name=ma]").first().uncheck();
  same(await page.getByLabel("Chọn tất cả").evaluate(box => [box.checked, box.indeterminate]), [false, true], "the box of all");
  await page.getByRole("button", { name: "Duyệt 3 mục đã chọn" }).waitFor();
});

test("keys go through the list and press its buttons, until they are turned off", DESK_ON, async ({ page, open }) => {
  await open(SHOWCASE);
  await page.evaluate(() => document.querySelector("#so-mau").addEventListener("submit", event => { event.preventDefault(); window.pressed = event.submitter.value; }));
  const row = () => page.evaluate(() => document.activeElement.closest("tr")?.querySelector(".title")?.textContent);
  await page.locator("main").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  holds((await row()).startsWith("Trần Thị Ánh"), `the second row: ${await row()}`);
  await page.keyboard.press("k");
  holds((await row()).startsWith("Nguyễn Văn An"), `the first row: ${await row()}`);
  await page.keyboard.press("t");
  same(await page.evaluate(() => window.pressed), "tra_lai", "what T presses");
  same(await page.locator("[name=ma]:checked").evaluateAll(boxes => boxes.map(box => box.value)), ["1"], "the row that it is about");
  await page.keyboard.press("Shift+?");
  await page.getByRole("dialog").getByLabel("Tắt phím tắt").check();
  await page.getByRole("button", { name: "Đóng" }).click();
  const before = await row();
  await page.keyboard.press("j");
  same(await row(), before, "where one is after J with the keys off");
  await page.locator("#m-ten").focus();
  await page.keyboard.press("j");
  holds((await page.locator("#m-ten").inputValue()).includes("j"), "letters are still letters in a field");
});

test("photos are made small before they are sent", { ...ON, sizes: [PHONE] }, async ({ page, open }) => {
  await open(SHOWCASE);
  const photo = await page.evaluate(async () => {
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    [canvas.width, canvas.height] = [3000, 2000];
    for (let i = 0; i < 30000; i++) {
      pen.fillStyle = `hsl(${(i * 47) % 360} 60% 50%)`;
      pen.fillRect((i * 97) % 3000, (i * 57) % 2000, 40, 30);
    }
    const blob = await new Promise(resolve => canvas.toBlob(resolve, "image/jpeg", 1));
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
  });
  const buffer = Buffer.from(photo, "base64");
  holds(buffer.length > 900 * 1024, `a photo of ${buffer.length} bytes is no test`);
  await page.locator("#m-anh").setInputFiles({ name: "IMG_1.jpeg", mimeType: "image/jpeg", buffer });
  await page.getByText(/^1 tệp, \d+ KB$/).waitFor();
  const sent = await page.locator("#m-anh").evaluate(async input => {
    const image = await createImageBitmap(input.files[0]);
    return { name: input.files[0].name, size: input.files[0].size, width: image.width, height: image.height };
  });
  holds(sent.size <= 300 * 1024, `it takes ${sent.size} bytes`);
  same([sent.name, Math.round(100 * sent.width / sent.height)], ["IMG_1.jpg", 150], "name and shape");
  holds(sent.width <= 1600 && sent.width >= 900, `it is ${sent.width} pixels wide`);
});

test("a count is asked for now and then", DESK_ON, async ({ page, open }) => {
  await altered(page, '<span class="count">18</span>', '<span class="count" data-poll="/dem.json" data-every="0.2" data-name="cho">18</span>');
  let answer = 21;
  await page.route("**/dem.json", route => route.fulfill({ json: { cho: answer } }));
  await open(SHOWCASE);
  await until(page, () => document.querySelector("[data-poll]").textContent === "21");
  answer = 0;
  await until(page, () => document.querySelector("[data-poll]").hidden);
});

test("two minutes before a session ends one is asked, and goes on with one tap", DESK_ON, async ({ page, open }) => {
  await altered(page, "<body>", '<body data-session-end="120.3">');
  await open(SHOWCASE);
  const asked = page.waitForRequest(request => request.method() === "HEAD");
  await page.getByText("Phiên làm việc sắp kết thúc").waitFor();
  await page.getByRole("button", { name: "Làm tiếp" }).click();
  await asked;
});
