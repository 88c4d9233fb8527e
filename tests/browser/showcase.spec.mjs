// Components where all of them stand: sizes of what is touched, rows of lists on a phone, weights of sheet and script.
import { BUDGETS, checkPage, zipped } from "./check.mjs";
import { DESK, PHONE, holds, same, source, test } from "./harness.mjs";

test("sheet and script are light", { sizes: [DESK], script: [false] }, async () => {
  const sheet = zipped(source("assets/style.css")), script = zipped(source("assets/app.js"));
  holds(sheet <= 12 * 1024, `the sheet takes ${sheet} bytes`);
  holds(script <= 6 * 1024, `the script takes ${script} bytes`);
  holds(Object.keys(BUDGETS).length > 0, "no budgets");
});

test("everything that is pressed is 44 pixels high", { sizes: [PHONE], script: [true] }, async ({ page, open }) => {
  await open("/he_thong/mau");
  await page.evaluate(() => document.querySelectorAll("details").forEach(one => { one.open = true; }));
  const small = await page.evaluate(() => [...document.querySelectorAll(
    "button, .button, select, textarea, summary, .choices label, .people label, .pick label, .tabs a, .tiles a, .chips a, .crumbs a, .summary a, .foot a, " +
    "input:not([type=hidden], [type=checkbox], [type=radio])")]
    .filter(one => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 43.5)
    .map(one => `${one.outerHTML.slice(0, 90)}: ${one.getBoundingClientRect().height}`));
  same(small, [], "what is too small");
});

test("a list is a table on a desk and rows of two lines on a phone", {}, async ({ page, open, size }) => {
  await open("/he_thong/mau");
  const heights = await page.locator(".list tbody tr").evaluateAll(rows => rows.map(row => row.getBoundingClientRect().height));
  holds(heights.length === 4 && heights.every(height => height <= 88), `rows of ${heights} px`);
  same(await page.locator(".list thead th").first().isVisible(), true, "the head's names are there for who hears the page");
  const display = await page.locator(".list tbody tr").first().evaluate(row => getComputedStyle(row).display);
  same(display, size === PHONE ? "flex" : "table-row", "how a row is laid out");
  if (size === PHONE) {
    await page.locator(".list tbody tr").nth(2).click({ position: { x: 200, y: 40 } });
    same(new URL(page.url()).hash, "#danh-sach", "where a tap on a row leads to");
  }
});

test("numbers stand below each other", { sizes: [DESK], script: [true] }, async ({ page, open }) => {
  await open("/he_thong/mau");
  const widths = await page.evaluate(() => ["1111", "4444"].map(text => {
    const cell = document.querySelector(".list tbody .n");
    cell.innerHTML = "<span></span>";
    cell.firstChild.textContent = text;
    return cell.firstChild.getBoundingClientRect().width;
  }));
  same(widths[0], widths[1], "widths of 1111 and 4444");
});

test("with details open and zoomed to 200 % all is accessible", { script: [true], sizes: [DESK] }, async ({ page, open }) => {
  await open("/he_thong/mau");
  await page.evaluate(() => document.querySelectorAll("details").forEach(one => { one.open = true; }));
  await page.setViewportSize({ width: 683, height: 384 });
  await checkPage(page);
});
