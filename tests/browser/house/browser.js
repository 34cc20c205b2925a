// Debian's Chromium, and people who walk through pages with it. Whatever a page asks for is watched: nothing may leave this
// machine, and nothing may complain.

import { chromium } from "playwright-core";

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 900 };

const PROGRAM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A browser that finds no host but this machine, whatever a page asks for. */
export function openBrowser() {
  return chromium.launch({
    executablePath: PROGRAM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--force-device-scale-factor=1",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** What went wrong on the pages of a context; `must()` throws the first. */
export class Watch {
  #complaints = [];

  constructor(context) {
    context.on("request", (request) => {
      const url = new URL(request.url());
      const isOurs = url.hostname === "127.0.0.1" || ["data:", "about:"].includes(url.protocol);
      if (!isOurs) this.#complaints.push(`a request went to ${url.host}`);
    });
    context.on("console", (message) => {
      // A page answered with 404 or 422 is told to the console too; whether that status is right is the journey's to say. The
      // icon is asked for by the browser, not by the page.
      const { url } = message.location();
      const isStatus = message.text().startsWith("Failed to load resource");
      const isExpected = isStatus && (url === message.page()?.url() || new URL(url).pathname === "/favicon.ico");
      if (message.type() === "error" && !isExpected) this.#complaints.push(`the console says: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#complaints.push(`a script failed: ${error.error().message}`));
  }

  must() {
    if (this.#complaints.length > 0) throw new Error(this.#complaints[0]);
  }
}

/** Somebody with a browser of their own: no cookies of others, nothing remembered. */
export async function arrive(browser, { viewport = DESK, hasScripts = true } = {}) {
  const context = await browser.newContext({
    viewport,
    javaScriptEnabled: hasScripts,
    acceptDownloads: true,
    locale: "en-US",
    timezoneId: "UTC",
  });
  context.setDefaultTimeout(15_000);
  const watch = new Watch(context);
  const page = await context.newPage();
  return { context, page, watch };
}

/** Opens an address and says with which status it answered. */
export async function open(page, address) {
  const answer = await page.goto(address);
  return answer?.status() ?? 0;
}

/** Fills in fields by their labels. */
export async function fill(page, fields) {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
}

/** Presses something that leads to another page, and says with which status that answered. */
export async function press(page, target) {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => {
      const request = response.request();
      const isRedirect = response.status() >= 300 && response.status() < 400;
      return request.isNavigationRequest() && !isRedirect;
    }),
    target.click(),
  ]);
  await page.waitForLoadState();
  return answer.status();
}
