// Makes the pictures of docs/pictures from the journey's screenshots: the upper part of a page, 900 pixels wide.

import { mkdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./house/browser.js";

const TAKEN = new URL("../../test-results/browser/", import.meta.url);
const KEPT = new URL("../../docs/pictures/", import.meta.url);
const WIDTH = 900;

const PICTURES = {
  petition: "petition-desk",
  "who-gets-this": "who-gets-this-desk",
  "console-counts": "console-counts-desk",
  letter: "letter-desk",
  desk: "desk-desk",
};

await mkdir(KEPT, { recursive: true });
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: WIDTH, height: 880 } });
for (const [kept, taken] of Object.entries(PICTURES)) {
  const picture = (await readFile(new URL(`${taken}.png`, TAKEN))).toString("base64");
  await page.setContent(`<body style="margin:0"><img style="display:block;width:${WIDTH}px" src="data:image/png;base64,${picture}"></body>`);
  await page.waitForFunction("document.images[0].complete");
  await page.screenshot({ path: fileURLToPath(new URL(`${kept}.jpg`, KEPT)), type: "jpeg", quality: 72 });
}
await browser.close();
