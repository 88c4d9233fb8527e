// How much work a task is: clicks, keys, page loads and waits, and from them the time that somebody over 45 takes, by
// the keystroke-level model: 1.5 s a tap, 0.6 s a key, 2 s a group of decisions, and what one waits.
const TAP = 1.5, KEY = 0.6, DECISION = 2, TELEX = 1.3;

export class Meter {
  constructor(page) {
    Object.assign(this, { page, clicks: 0, keys: 0, loads: 0, waited: 0, decisions: 0, bytes: 0, from: 0 });
    page.on("request", request => { if (this.isPage(request)) this.from = Date.now(); });
    page.on("load", () => {
      this.loads++;
      if (this.from) this.waited += Date.now() - this.from;
      this.from = 0;
    });
  }

  isPage(request) {
    return request.isNavigationRequest() && request.frame() === this.page.mainFrame();
  }

  /* Counted here and not in the page, so that it is the same without a script. What is passed is a locator. */
  async click(target) {
    this.clicks++;
    await target.click();
  }
  async check(target) {
    this.clicks++;
    await target.check();
  }
  async choose(target, value) {
    this.clicks++;
    this.decisions++;
    await target.selectOption(value);
  }

  /* A text in Vietnamese takes 1.3 keys a letter with Telex; typing is no click. */
  async type(target, text, { isPasted = false } = {}) {
    this.keys += isPasted ? 1 : Math.round(text.length * (/[^ -~]/.test(text) ? TELEX : 1));
    await target.fill(text);
  }
  async press(key) {
    this.keys++;
    await this.page.keyboard.press(key);
  }
  decide() {
    this.decisions++;
  }

  sum() {
    const waited = this.waited / 1000;
    return { clicks: this.clicks, keys: this.keys, loads: this.loads, waited,
      seconds: waited + TAP * this.clicks + KEY * this.keys + DECISION * this.decisions };
  }

  /* What is above a limit, in words; the page that the task began on is not a load of its own. */
  above(limits) {
    const found = this.sum();
    return Object.entries(limits).filter(([name, most]) => found[name] > most)
      .map(([name, most]) => `${name}: ${Math.round(found[name] * 10) / 10}, at most ${most}`);
  }
}

/* A phone on 3G with a slow processor. */
export async function slow(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 300, downloadThroughput: 200000, uploadThroughput: 96000 });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
}
