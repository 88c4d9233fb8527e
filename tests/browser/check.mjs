// What must hold of every page and state: no violation of WCAG 2.2 AA that axe finds, valid HTML, nothing wider than a
// narrow screen, and the bytes and requests of its kind.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { HtmlValidate } from "html-validate";
import { holds } from "./harness.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/* Besides: every field has a label of its own. Set apart: boxes of one choice share a name, rows of a list have a dot in their ids, and a title for people who hear the
 * page may be longer than what a search engine shows. */
const validator = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    "input-missing-label": "error",
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "submit", "reset"] }],
    "valid-id": ["error", { relaxed: true }],
    "long-title": ["error", { maxlength: 160 }],
  },
});

/* Of a cold page, as sent. */
const KB = 1024;
export const BUDGETS = {
  page: { html: 15 * KB, total: 120 * KB },
  list: { html: 20 * KB, total: 125 * KB },
  form: { html: 12 * KB, total: 115 * KB },
};
const EACH = { stylesheet: 12 * KB, script: 6 * KB }, REQUESTS = 10;

/* Where scripts run: it waits for timers, which a page without them has not. */
export async function checkAxe(page) {
  const size = page.viewportSize();
  /* The whole page at once: what is below a bar that stays in sight is reached by scrolling. */
  await page.setViewportSize({ width: size.width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.evaluate(AXE);
  const found = await page.evaluate(tags => axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }), TAGS);
  await page.setViewportSize(size);
  const told = found.violations.flatMap(one => one.nodes.slice(0, 3).map(node => `${one.id}: ${node.target} ${node.html.slice(0, 120)}\n    ${node.failureSummary}`));
  holds(told.length === 0, `${page.url()}: axe\n  ${told.join("\n  ")}`);
}

export async function checkHtml(page) {
  const html = await page.answer.text();
  const report = await validator.validateString(html);
  /* The two ways to a file, a photo and a choice, share a name too; the rule cannot be told. */
  const isFile = one => one.ruleId === "form-dup-name" && html.split("\n")[one.line - 1].includes('type="file"');
  const told = report.results.flatMap(result => result.messages).filter(one => !isFile(one)).map(one => `${one.line}:${one.column} ${one.ruleId}: ${one.message}`);
  holds(told.length === 0, `${page.url()}: html-validate\n  ${told.slice(0, 10).join("\n  ")}`);
}

/* Sections that scroll by themselves may be wider inside. */
export async function checkReflow(page, width = 320) {
  const size = page.viewportSize();
  await page.setViewportSize({ width, height: size.height });
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    return document.documentElement.scrollWidth <= limit ? [] : [...document.querySelectorAll("body *")]
      .filter(one => one.getBoundingClientRect().right > limit + 1 && !one.closest(".scroll")).slice(0, 3).map(one => one.outerHTML.slice(0, 120));
  });
  await page.setViewportSize(size);
  holds(wide.length === 0, `${page.url()}: wider than ${width} px\n  ${wide.join("\n  ")}`);
}

/* A page as one sees it for the first time: of what kind it is decides how heavy it may be. */
export async function checkBudget(browser, address, kind, cookies = []) {
  const budget = BUDGETS[kind], context = await browser.newContext();
  await context.addCookies(cookies);
  const page = await context.newPage();
  const seen = [];
  page.on("requestfinished", request => seen.push((async () => ({ type: request.resourceType(), bytes: (await request.sizes()).responseBodySize }))()));
  await page.goto(address, { waitUntil: "networkidle" });
  const parts = await Promise.all(seen), total = parts.reduce((sum, part) => sum + part.bytes, 0);
  await context.close();
  holds(parts.length <= REQUESTS, `${address}: ${parts.length} requests, at most ${REQUESTS}`);
  holds(total <= budget.total, `${address}: ${total} bytes, at most ${budget.total}`);
  for (const { type, bytes } of parts) {
    const limit = type === "document" ? budget.html : EACH[type];
    holds(limit === undefined || bytes <= limit, `${address}: ${type} of ${bytes} bytes, at most ${limit}`);
  }
  return { total, requests: parts.length };
}

/* All of it, of the page that is shown. */
export async function checkPage(page) {
  await checkAxe(page);
  await checkHtml(page);
  await checkReflow(page);
}

/* How long a text is when it is sent. */
export const zipped = text => gzipSync(text, { level: 9 }).length;
