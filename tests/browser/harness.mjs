// What specs stand on: a server with a demo database, Chromium, and tests that are run in each size of screen, with the
// script of the pages and without.
import { spawn, spawnSync } from "node:child_process";
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

/* CHITHI_BROWSER=sample: of what runs in every way, a phone without a script and a desk with one. */
const isLeftOut = (one, size, hasScript) => process.env.CHITHI_BROWSER === "sample" &&
  one.sizes.length > 1 && one.script.length > 1 && (size === PHONE) === hasScript;

/* A test named for the behaviour. It is called with { page, site, size, hasScript, open } once for each of `sizes` (both)
 * and of `script` (on and off): what it looks at decides how often it need be looked at. `as` is the login of a demo's
 * account, `hasAccounts` that nobody is signed in yet; without them the demo has no accounts, and whoever is at the machine may do what an operator may. */
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

export const launch = () => chromium.launch({ executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"] });

/* A server of one's own on a new demo; with the password that all of its accounts have. */
export async function serve(folder, name, options) {
  const db = path.join(folder, name);
  const demo = spawnSync(BINARY, ["demo", ...options, "--db", db], { encoding: "utf8" });
  if (demo.status !== 0) throw new Error(`chithi demo: ${demo.stderr}`);
  const server = spawn(BINARY, ["serve", "--db", db, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const first = await new Promise((resolve, reject) => {
    server.stdout.once("data", data => resolve(String(data)));
    server.once("exit", code => reject(new Error(`the server ended with ${code}`)));
  });
  const port = /127\.0\.0\.1:(\d+)/.exec(first)?.[1];
  if (!port) throw new Error(`the server did not start: ${first}`);
  const stop = () => new Promise(resolve => {
    server.once("exit", resolve);
    server.kill();
  });
  /* A command beside the server, as an operator gives it. */
  const run = (words, input = "") => {
    const done = spawnSync(BINARY, [...words, "--db", db], { encoding: "utf8", input });
    if (done.status !== 0) throw new Error(`chithi ${words.join(" ")}: ${done.stderr}`);
    return done.stdout;
  };
  return { origin: `http://127.0.0.1:${port}`, password: /Mật khẩu[^:]*: (\S+)/.exec(demo.stderr)?.[1], folder, run, stop, sessions: {} };
}

/* Somebody new with a role on a unit, and the password of the demo's accounts; the page is theirs from now on. */
export async function become(page, browser, site, login, role, unit) {
  site.run(["user", "add", login, "--name", login, "--role", role, "--unit", unit, "--password-stdin"], `${site.password}\n`);
  await actAs(page, browser, site, login);
}

/* Go on as another account of the demo. */
export async function actAs(page, browser, site, login) {
  await page.context().clearCookies();
  await page.context().addCookies(await sessionOf(browser, site, login));
}

/* Sign in as people do, on the page that is shown. */
export async function signIn(page, site, login, password = site.password) {
  await page.getByLabel("Tên đăng nhập").fill(login);
  await page.getByLabel("Mật khẩu").fill(password);
  await page.getByRole("button", { name: "Đăng nhập" }).click();
}

/* The cookies of a login, who is signed in once for all tests. */
export async function sessionOf(browser, site, login) {
  if (!site.sessions[login]) {
    const context = await browser.newContext(), page = await context.newPage();
    await page.goto(`${site.origin}/dang_nhap`);
    await signIn(page, site, login);
    await page.getByRole("button", { name: "Đăng xuất" }).first().waitFor();
    site.sessions[login] = await context.cookies();
    await context.close();
  }
  return site.sessions[login];
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
  if (one.as) await context.addCookies(await sessionOf(browser, site, one.as));
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
  const browser = await launch();
  const sites = {};
  const siteOf = async one => one.as || one.hasAccounts ? sites.people ??= await serve(folder, "people.db", ["--accounts"])
    : sites.machine ??= await serve(folder, "machine.db", []);
  let failed = 0, count = 0;
  for (const one of tests.filter(one => one.name.includes(only ?? ""))) {
    const site = await siteOf(one);
    for (const size of one.sizes) for (const hasScript of one.script) {
      if (isLeftOut(one, size, hasScript)) continue;
      const faults = await runOne(browser, site, one, size, hasScript);
      const name = `${one.name} (${size.width} px, script ${hasScript ? "on" : "off"})`;
      console.log(faults.length ? `WRONG: ${name}\n  ${faults.join("\n  ")}` : `ok: ${name}`);
      failed += faults.length > 0;
      count++;
    }
  }
  for (const site of Object.values(sites)) await site.stop();
  await browser.close();
  rmSync(folder, { recursive: true });
  if (count === 0) throw new Error("nothing was tested");
  return failed;
}
