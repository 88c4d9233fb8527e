// What stands around every page: the size of text, the items at a phone's bottom, ways to get about with the keyboard.
import { checkAxe, checkReflow } from "./check.mjs";
import { DESK, PHONE, holds, same, test } from "./harness.mjs";

const rootSize = page => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));

test("size of text is chosen, kept on other pages and on the next visit", {}, async ({ page, open, site }) => {
  await open("/cs/kt_tcd?dv=bt.tp&co_cau=end");
  same(await rootSize(page), 16, "root size at first");
  await page.getByRole("button", { name: "A++ Cỡ chữ rất lớn" }).click();
  same(page.url(), `${site.origin}/cs/kt_tcd?dv=bt.tp&co_cau=end`, "where it leads back to");
  holds(await rootSize(page) > 20.9, "the text did not grow");
  await open("/lich");
  holds(await rootSize(page) > 20.9, "the size was not kept");
  same(await page.locator(".sizes [aria-pressed=true]").textContent(), "A++ Cỡ chữ rất lớn", "the size shown as chosen");
  const cookie = (await page.context().cookies()).find(one => one.name === "__Host-co_chu");
  holds(cookie.expires > Date.now() / 1000 + 300 * 86400, "the choice does not last a year");
});

test("size of text at its largest still reflows", { script: [true], sizes: [PHONE] }, async ({ page, open }) => {
  await open("/lich");
  await page.getByRole("button", { name: "A++ Cỡ chữ rất lớn" }).click();
  for (const address of ["/", "/dv/bt.tp", "/cs/kt_tcd?dv=bt.tp", "/so/ktgs?dv=bt.tp", "/he_thong/mau"]) {
    await open(address);
    await checkReflow(page);
    await checkAxe(page);
  }
});

test("language is chosen, kept on other pages and on the next visit", {}, async ({ page, open, site, hasScript }) => {
  await open("/cs/kt_tcd?dv=bt.tp&co_cau=end");
  await page.getByRole("button", { name: "English" }).locator("visible=true").click();
  same(page.url(), `${site.origin}/cs/kt_tcd?dv=bt.tp&co_cau=end`, "where it leads back to");
  same(await page.locator("html").getAttribute("lang"), "en", "the page's language");
  await open("/lich");
  same(await page.locator("h1").textContent(), "Periods, holidays, interim and final reviews", "the heading of another page");
  same(await page.locator(".languages [aria-pressed=true]").locator("visible=true").textContent(), "English", "the language shown as chosen");
  await checkReflow(page);
  if (hasScript) await checkAxe(page);
  const cookie = (await page.context().cookies()).find(one => one.name === "__Host-lang");
  holds(cookie.expires > Date.now() / 1000 + 300 * 86400, "the choice does not last a year");
  await page.getByRole("button", { name: "Tiếng Việt" }).locator("visible=true").click();
  same(await page.locator("h1").textContent(), "Kỳ, ngày nghỉ, sơ kết và tổng kết", "the heading in Vietnamese again");
});

test("the script speaks the page's language", { script: [true], sizes: [DESK] }, async ({ page, open }) => {
  await open("/so/ktgs?dv=bt.tp");
  await page.getByRole("button", { name: "English" }).locator("visible=true").click();
  await page.locator("html[lang=en]").waitFor();
  await page.waitForLoadState();
  await page.keyboard.press("?");
  holds(await page.getByRole("heading", { name: "Keyboard shortcuts" }).isVisible(), "the table of keys is not in English");
});

test("bottom of a phone's screen has four items, and the rest is one tap away", { sizes: [PHONE] }, async ({ page, open }) => {
  await open("/dv/bt.tp");
  const nav = page.getByRole("navigation", { name: "Mục trên điện thoại" });
  same((await nav.getByRole("link").allTextContents()).map(text => text.trim()), ["Việc", "Sổ", "Đơn vị", "Thêm"], "its items");
  same(await nav.locator("[aria-current]").textContent(), "Đơn vị", "the item where one is");
  for (const link of await nav.getByRole("link").all()) {
    const box = await link.boundingBox();
    holds(box.height >= 44 && box.width >= 44, `an item of ${box.width}×${box.height} px`);
  }
  await nav.getByRole("link", { name: "Thêm" }).click();
  holds(await page.getByRole("navigation", { name: "Mọi mục" }).getByRole("link", { name: "Báo cáo", exact: true }).isVisible(), "the menu is not there");
});

test("bottom bar of a phone is not there on a desk", { sizes: [DESK], script: [false] }, async ({ page, open }) => {
  await open("/dv/bt.tp");
  holds(await page.locator(".phone-nav").isHidden(), "it is shown");
  holds(await page.getByRole("navigation", { name: "Các mục chính" }).isVisible(), "the menu is not shown");
});

/* Whether what has the focus can be seen: some point of it in the window and not below something else, with a ring. */
const focused = page => page.evaluate(() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const isThere = (x, y) => {
    const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return at && (one.contains(at) || at.contains(one) && at.closest("label"));
  };
  return { what: one.outerHTML.slice(0, 100), isBody: one === document.body,
    isSeen: [0.1, 0.3, 0.5, 0.7, 0.9].some(part => isThere(0.5, part) || isThere(part, 0.5)),
    hasRing: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
});

for (const address of ["/", "/cs/kt_tcd?dv=bt.tp", "/so/ktgs?dv=bt.tp", "/he_thong/mau"]) {
  test(`keyboard alone reaches all of ${address}, and one sees where one is`, { script: [true] }, async ({ page, open }) => {
    await open(address);
    await page.keyboard.press("Tab");
    same(await page.evaluate(() => document.activeElement.textContent), "Đến nội dung chính", "the first stop");
    const seen = new Set();
    for (let i = 0; i < 60; i++) {
      const now = await focused(page);
      if (now.isBody) break;
      holds(now.isSeen, `the focus is hidden at stop ${i}: ${now.what}`);
      holds(now.hasRing, `no ring at stop ${i}: ${now.what}`);
      seen.add(now.what);
      await page.keyboard.press("Tab");
    }
    holds(seen.size > 10, `only ${seen.size} stops`);
  });
}

test("keyboard alone finds a unit and opens its figure", {}, async ({ page, open }) => {
  await open("/");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  same(new URL(page.url()).hash, "#noi-dung", "where the first stop leads to");
  await page.locator("#tim").focus();
  await page.keyboard.type("ben tre");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/tim\?q=ben/);
  await page.getByRole("link", { name: "Thành phố Bến Tre" }).first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/dv\/bt/);
});

test("forced colours and paper keep what colour and frame say", { script: [true], sizes: [DESK] }, async ({ page, open }) => {
  await open("/he_thong/mau");
  await page.emulateMedia({ forcedColors: "active" });
  same(await page.locator(".tag.late").first().evaluate(one => getComputedStyle(one).borderTopStyle), "solid", "a tag's border in forced colours");
  await page.emulateMedia({ media: "print", forcedColors: "none" });
  for (const hidden of [".top", ".foot", ".filters", ".pick", ".bar"])
    holds(await page.locator(hidden).first().isHidden(), `${hidden} is printed`);
  holds(await page.locator(".on-paper").first().isVisible(), "the heading of a printed register is missing");
  holds((await page.locator("h1").evaluate(one => getComputedStyle(one).fontFamily)).startsWith('"Times New Roman"'), "paper is not in Times");
});
