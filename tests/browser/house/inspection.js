// What holds for every page, whoever looks at it: it can be used without seeing it well, on a phone and at a desk, by day and by night.
//
// A page is inspected in a browser of its own, which shows the very document that the visitor got: so pages that answer a form
// are inspected too, and those of a visitor without JavaScript. Only there the page's own policy is set aside, for axe to run.

import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DESK, PHONE, Watch } from "./browser.js";
import { must } from "./story.js";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

// How many stops of the Tab key are looked at: the way past the navigation, the navigation's first links.
const STOPS = 3;

const LOOKS = [
  { name: "phone", viewport: PHONE, colorScheme: "light" },
  { name: "desk", viewport: DESK, colorScheme: "light" },
  { name: "dark", viewport: DESK, colorScheme: "dark" },
];

/** Inspects pages and keeps a screenshot of each look. */
export class Inspection {
  #looks;
  #folder;
  #names = new Set();

  constructor(looks, folder) {
    this.#looks = looks;
    this.#folder = folder;
  }

  static async begin(browser, folder) {
    await mkdir(folder, { recursive: true });
    const looks = LOOKS.map(async ({ name, viewport, colorScheme }) => {
      const context = await browser.newContext({ viewport, colorScheme, bypassCSP: true, locale: "en-US", timezoneId: "UTC" });
      const watch = new Watch(context);
      return { name, page: await context.newPage(), watch };
    });
    return new Inspection(await Promise.all(looks), folder);
  }

  /** How many pages were inspected. */
  get count() {
    return this.#names.size;
  }

  /** Inspects the page that a visitor sees; `name` is the screenshot's. */
  async inspect(visitor, name) {
    must(!this.#names.has(name), `two pages are called ${name}`);
    this.#names.add(name);
    visitor.watch.must();
    const address = visitor.page.url().split("#")[0];
    const document = await visitor.page.content();
    for (const look of this.#looks) {
      await this.#look(look, address, document, name);
    }
  }

  async #look({ name: look, page, watch }, address, document, name) {
    const where = `on the page “${name}” (${look})`;
    await page.route(address, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: document }));
    await page.goto(address);
    await page.unroute(address);
    await page.screenshot({ path: join(this.#folder, `${name}-${look}.png`), fullPage: true });
    watch.must();
    await mustFit(page, where);
    await mustShowFocus(page, where);
    await mustSatisfyAxe(page, where);
  }
}

async function mustFit(page, where) {
  const { wide, room } = await page.evaluate(() => ({
    wide: globalThis.document.documentElement.scrollWidth,
    room: globalThis.document.documentElement.clientWidth,
  }));
  must(wide <= room, `${where} one has to scroll sideways: it is ${wide} px wide in ${room} px`);
}

async function mustShowFocus(page, where) {
  for (let stop = 1; stop <= STOPS; stop += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = globalThis.document.activeElement;
      if (element === null || element === globalThis.document.body) return null;
      const style = globalThis.getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const isOnPage = box.right > 0 && box.bottom > 0 && box.left < globalThis.innerWidth && box.top < globalThis.innerHeight;
      const hasOutline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
      return { text: element.textContent.trim(), isVisible: isOnPage && (hasOutline || style.boxShadow !== "none") };
    });
    if (focus === null) {
      must(stop > 1, `${where} the Tab key finds nothing`);
      return;
    }
    must(focus.isVisible, `${where} one does not see that “${focus.text}” has the focus`);
  }
}

async function mustSatisfyAxe(page, where) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async (rules) => {
    const found = await globalThis.axe.run({ runOnly: { type: "tag", values: rules }, resultTypes: ["violations"] });
    return found.violations.map(({ id, help, nodes }) => ({ id, help, target: nodes[0].target.join(" "), count: nodes.length }));
  }, RULES);
  const sentences = violations.map(({ id, help, target, count }) => `${help} (${id}, at ${target}${count > 1 ? `, and ${count - 1} more` : ""})`);
  must(sentences.length === 0, `${where} axe finds: ${sentences.join("; ")}`);
}
