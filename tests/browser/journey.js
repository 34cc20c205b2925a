// The journey: a neighbor signs, an organizer counts, an official reads, and people sign on while robots attack. Every page on the way is
// inspected.

import { openBrowser } from "./house/browser.js";
import { startDemo } from "./house/demo.js";
import { Inspection } from "./house/inspection.js";
import { Story } from "./house/story.js";
import { walkUnderAttack } from "./journey/attacked.js";
import { walkAsNeighbor } from "./journey/neighbor.js";
import { walkAsOfficial } from "./journey/official.js";
import { walkAsOrganizer } from "./journey/organizer.js";
import { walkAsVecina } from "./journey/vecina.js";

const SCREENSHOTS = "test-results/browser";

const story = new Story();
const beganAt = performance.now();
let demo;
let browser;
try {
  demo = await startDemo(process.env.REDRESS_PROGRAM);
  browser = await openBrowser();
  const inspection = await Inspection.begin(browser, SCREENSHOTS);
  const journey = { story, demo, browser, inspection };
  console.log("A neighbor, without JavaScript");
  await walkAsNeighbor(journey);
  console.log("A neighbor who reads Spanish, with JavaScript");
  await walkAsVecina(journey);
  console.log("An organizer");
  await walkAsOrganizer(journey);
  console.log("An official");
  await walkAsOfficial(journey);
  console.log("People who sign while robots attack");
  await walkUnderAttack(journey);
  const seconds = Math.round((performance.now() - beganAt) / 1000);
  story.end(`${inspection.count} pages inspected in ${seconds} s; screenshots in ${SCREENSHOTS}`);
} catch (error) {
  story.fail(error);
  process.exitCode = 1;
} finally {
  await browser?.close();
  await demo?.end();
}
