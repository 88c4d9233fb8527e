// What specs stand on: a server with a demo database, Chromium, and tests that are run in each size of screen, with the
// script of the pages and without.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const SOURCE = path.resolve(HERE, "../..");
const BINARY = path.resolve(process.env.CHITHI_BINARY ?? path.join(SOURCE, "build/chithi"));
export const PHONE = { width: 360, height: 740 }, DESK = { width: 1366, height: 768 };

const tests = [];

/* A test named for the behaviour. It is called with { page, site, size, hasScript, open } once for each of `sizes` (both)
 * and of `script` (on and off): what it looks at decides how often it need be looked at. */
export function test(name, options, run) {
  tests.push({ name, sizes: [PHONE, DESK], script: [true, false], context: {}, ...options, run });
}

export class Wrong extends Error {}
export function holds(fact, what) {
  if (!fact) throw new Wrong(what);
}
export function same(found, wanted, what) {
  holds(JSON.stringify(found) === JSON.stringify(wanted),
    `${what}: found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
}
export const source = (...names) => readFileSync(path.join(SOURCE, ...names), "utf8");

/* A server of the spec's own. */
async function serve(folder) {
  const db = path.join(folder, "demo.db");
  execFileSync(BINARY, ["demo", "--db", db], { stdio: "pipe" });
  const process_ = spawn(BINARY, ["serve", "--db", db, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const first = await new Promise((resolve, reject) => {
    process_.stdout.once("data", data => resolve(String(data)));
    process_.once("exit", code => reject(new Error(`the server ended with ${code}`)));
  });
  const port = /127\.0\.0\.1:(\d+)/.exec(first)?.[1];
  if (!port) throw new Error(`the server did not start: ${first}`);
  return { origin: `http://127.0.0.1:${port}`, stop: () => new Promise(resolve => process_.once("exit", resolve) && process_.kill()) };
}

/* A page in a context of its own. What the page says in its console, and errors of its script, count as faults. */
async function newPage(browser, one, size, hasScript, faults) {
  const isPhone = size === PHONE;
  const context = await browser.newContext({ viewport: size, hasTouch: isPhone, isMobile: isPhone, javaScriptEnabled: hasScript,
    locale: "vi-VN", timezoneId: "Asia/Ho_Chi_Minh", reducedMotion: "reduce", ...one.context });
  const page = await context.newPage();
  page.setDefaultTimeout(10000);
  page.on("pageerror", error => faults.push(`script: ${error}`));
  page.on("console", message => ["error", "warning"].includes(message.type()) && !one.mayComplain && faults.push(`console: ${message.text()}`));
  page.on("response", async response => {
    if (response.request().isNavigationRequest() && response.status() !== 303) page.answer = response;
  });
  return { context, page };
}

async function runOne(browser, site, one, size, hasScript) {
  const faults = [];
  const { context, page } = await newPage(browser, one, size, hasScript, faults);
  const open = async address => { await page.goto(site.origin + address); return page; };
  try {
    await one.run({ page, site, size, hasScript, open, browser });
  } catch (error) {
    faults.unshift(error instanceof Wrong ? error.message : error.stack);
    if (process.env.CHITHI_SHOTS) await page.screenshot({ path: path.join(process.env.CHITHI_SHOTS, "failed.png") });
  }
  await context.close();
  return faults;
}

/* All tests of the specs that were imported; how many failed. */
export async function runAll(only) {
  const folder = mkdtempSync(path.join(tmpdir(), "chithi-browser-"));
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"] });
  const site = await serve(folder);
  let failed = 0, count = 0;
  for (const one of tests.filter(one => one.name.includes(only ?? ""))) {
    for (const size of one.sizes) for (const hasScript of one.script) {
      const faults = await runOne(browser, site, one, size, hasScript);
      const name = `${one.name} (${size.width} px, script ${hasScript ? "on" : "off"})`;
      console.log(faults.length ? `WRONG: ${name}\n  ${faults.join("\n  ")}` : `ok: ${name}`);
      failed += faults.length > 0;
      count++;
    }
  }
  await site.stop();
  await browser.close();
  rmSync(folder, { recursive: true });
  if (count === 0) throw new Error("nothing was tested");
  return failed;
}
