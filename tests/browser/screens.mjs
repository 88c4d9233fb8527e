// screens.mjs FOLDER: pictures of the pages that people work with, on a phone and on a desk, from a new demo.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DESK, PHONE, launch, serve, sessionOf } from "./harness.mjs";

const out = process.argv[2];
const SCREENS = [
  ["w1-viec-cua-chi-bo", "bi_thu", "/"],
  ["w2-viec-cua-lanh-dao", "lanh_dao", "/"],
  ["w3-viec-cua-van-phong", "van_phong", "/"],
  ["w4-don-vi", "lanh_dao", "/dv/bt.tp"],
  ["w5-so", "van_phong", "/so/mo_hinh?dv=bt.tp"],
  ["w6-ghi-ho-so", "bi_thu", "/so/dang_ky/moi?dv=bt.cl.cb01"],
  ["w7-duyet", "bi_thu", "/duyet"],
  ["w8-chi-so", "lanh_dao", "/cs/kt_tcd?dv=bt.tp&ky=lich_2019_quy_2"],
];

async function pageOf(browser, site, login, size) {
  const isPhone = size === PHONE;
  const context = await browser.newContext({ viewport: size, hasTouch: isPhone, isMobile: isPhone, locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh" });
  await context.addCookies(await sessionOf(browser, site, login));
  return { context, page: await context.newPage() };
}

/* Three commitments that wait to be confirmed: a demo has none. */
async function send(browser, site) {
  const { context, page } = await pageOf(browser, site, "bi_thu", DESK);
  for (let i = 1; i <= 3; i++) {
    await page.goto(`${site.origin}/so/dang_ky/moi?dv=bt.cl.cb01`);
    await page.getByLabel("Người đăng ký").selectOption({ index: i });
    await page.getByLabel("Năm").fill("2026");
    await page.getByLabel("I. Học tập").fill("Đọc báo Nhân dân mỗi ngày");
    await page.getByRole("button", { name: "Gửi chi bộ" }).click();
    await page.waitForURL(/\/hs\//);
  }
  await context.close();
}

const folder = mkdtempSync(path.join(tmpdir(), "chithi-screens-")), browser = await launch();
const site = await serve(folder, "demo.db", ["--accounts"]);
await send(browser, site);
for (const [name, login, address] of SCREENS) {
  for (const size of [PHONE, DESK]) {
    const { context, page } = await pageOf(browser, site, login, size);
    await page.goto(site.origin + address);
    await page.screenshot({ path: path.join(out, `${name}-${size.width}.png`) });
    await context.close();
  }
}
await site.stop();
await browser.close();
rmSync(folder, { recursive: true });
