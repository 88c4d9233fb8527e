// What goes wrong on a working day: two people at one record, a button pressed twice, a network that goes away. Nobody's words
// are lost and nothing is there twice.
import { become, holds, same, sessionOf, test } from "./harness.mjs";

const ANYBODY = { hasAccounts: true }, FORM = "/so/quan_triet/moi?dv=";
const OURS = "Chúng tôi bàn việc tiết kiệm điện", THEIRS = "Chi bộ học chuyên đề quý ba";
const branches = Array.from({ length: 14 }, (_, i) => `cb${String(i + 2).padStart(2, "0")}`);
const subject = page => page.getByLabel("Nội dung"), papers = page => page.getByLabel("Số bài thu hoạch");
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/* A secretary of a branch where nobody has been yet. */
async function secretary({ page, browser, site }) {
  const branch = branches.pop(), unit = `bt.cl.${branch}`, login = `bi_thu_${branch}`;
  await become(page, browser, site, login, "chi_bo", unit);
  return { unit, login };
}

async function meeting(page, text) {
  await page.getByLabel("Sinh hoạt chi bộ").check();
  await subject(page).fill(text);
  await page.locator("[name='f.thanh_phan.0.kieu']").selectOption("dang_vien");
  await page.locator("[name='f.thanh_phan.0.so_trieu_tap']").fill("12");
  await page.locator("[name='f.thanh_phan.0.so_du']").fill("11");
}

async function draft(page, site, unit, text) {
  await page.goto(site.origin + FORM + unit);
  await meeting(page, text);
  await press(page, "Lưu nháp");
  await page.waitForURL(/\/hs\//);
  return new URL(page.url()).pathname;
}

/* How many records there are in the register of a unit. */
async function count(page, site, unit) {
  await page.goto(`${site.origin}/so/quan_triet?dv=${unit}`);
  return Number(/([\d.]+) hồ sơ/.exec(await page.locator("main .lead").textContent())[1]);
}

test("two people edit one record: both sides are shown and nobody's words are lost", { ...ANYBODY, mayComplain: true }, async world => {
  const { page, open, site, browser } = world;
  const { unit, login } = await secretary(world);
  const record = await draft(page, site, unit, "Nội dung ban đầu");
  const other = await browser.newContext({ javaScriptEnabled: world.hasScript });
  const second = `pho_${login}`;
  site.run(["user", "add", second, "--name", second, "--role", "chi_bo", "--unit", unit, "--password-stdin"], `${site.password}\n`);
  await other.addCookies(await sessionOf(browser, site, second));
  const theirs = await other.newPage();
  await open(`${record}/sua`);
  await theirs.goto(`${site.origin}${record}/sua`);
  await subject(theirs).fill(THEIRS);
  await papers(theirs).fill("7");
  await press(theirs, "Lưu");
  await theirs.waitForURL(new RegExp(`${record}(\\?|$)`));
  await other.close();
  await subject(page).fill(OURS);
  await press(page, "Lưu");
  await page.getByText("Có người vừa sửa hồ sơ này").waitFor();
  same(await subject(page).inputValue(), OURS, "what was typed here");
  await page.locator(".field", { has: subject(page) }).getByText(`Bản đang lưu: ${THEIRS}`).waitFor();
  same(await papers(page).inputValue(), "7", "what only the other one has changed");
  await press(page, "Lưu");
  await page.waitForURL(new RegExp(`${record}(\\?|$)`));
  same(await page.locator("dd", { hasText: OURS }).count(), 1, "the words that were saved last");
  holds(await page.locator(".history", { hasText: THEIRS }).count() > 0, "the other one's words are not in the history");
});

test("a form that is sent twice makes one record", ANYBODY, async world => {
  const { page, open, site } = world;
  const { unit } = await secretary(world);
  const before = await count(page, site, unit);
  await open(FORM + unit);
  await meeting(page, OURS);
  const answers = [];
  await page.route(/moi$/, async route => {
    if (route.request().method() !== "POST") return route.fallback();
    /* As a network does that loses the first answer. */
    answers.push(await route.fetch({ maxRedirects: 0 }));
    await route.fallback();
  });
  await page.getByRole("button", { name: "Trình duyệt" }).dblclick({ noWaitAfter: true });
  await page.waitForURL(/\/hs\//);
  const record = new URL(page.url()).pathname;
  holds(answers.length > 0 && answers[0].headers().location.startsWith(record), `the first answer led to ${answers[0]?.headers().location}`);
  same(await count(page, site, unit), before + 1, "records");
});

test("a network that goes away while one types takes nothing with it", { ...ANYBODY, script: [true], mayComplain: true }, async world => {
  const { page, open, site } = world;
  const { unit } = await secretary(world), context = page.context();
  await open(FORM + unit);
  await context.setOffline(true);
  await meeting(page, OURS);
  await page.locator(".offline[data-made]").waitFor();
  same(await page.locator(".offline[data-made]").isVisible(), true, "the banner");
  await press(page, "Trình duyệt");
  await page.locator(".offline[data-made]").waitFor();
  same(await subject(page).inputValue(), OURS, "what stands there after sending failed");
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto(site.origin + FORM + unit);
  same(await subject(later).inputValue(), OURS, "the text when one comes back");
  same(await later.locator("[name='f.thanh_phan.0.so_du']").inputValue(), "11", "a cell when one comes back");
  await press(later, "Trình duyệt");
  await later.waitForURL(/\/hs\//);
  await later.getByText("Chờ duyệt").first().waitFor();
});
