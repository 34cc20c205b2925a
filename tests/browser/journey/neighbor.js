// Somebody who lives in Millstoke signs, from a phone and without JavaScript.

import { PHONE, arrive, fill, open, press } from "../house/browser.js";
import { findMail } from "../house/outbox.js";
import { must, mustEqual } from "../house/story.js";

const PETITION = "/p/end-the-partnerships";

// An address of the sample county whose answer is certain: the fourth ward of Millstoke.
const NEIGHBOR = {
  "Your name": "Nora Neighbor",
  "E-mail": "nora@example.org",
  "Street address": "1329 W 10TH ST",
  City: "Millstoke",
  State: "ZZ",
  ZIP: "69500",
};

export async function walkAsNeighbor({ story, demo, browser, inspection }) {
  const visitor = await arrive(browser, { viewport: PHONE, hasScripts: false });
  const { page, context } = visitor;
  const { site, outbox } = demo.addresses;

  await story.tell("the home page leads to the petition", async () => {
    mustEqual(await open(page, site), 200, "the home page's status");
    await inspection.inspect(visitor, "home");
    mustEqual(await press(page, page.getByRole("main").getByRole("link").first()), 200, "the petition's status");
    must(page.url().endsWith(PETITION), `the link led to ${page.url()}`);
    await inspection.inspect(visitor, "petition");
  });
  const before = await readCount(page);
  const cityBefore = await story.tell("the places lead to the page of the city", async () => {
    await press(page, page.getByRole("navigation").getByRole("link", { name: "Places" }));
    await inspection.inspect(visitor, "places");
    await press(page, page.getByRole("link", { name: "Millstoke city" }));
    await inspection.inspect(visitor, "city-before");
    return readCity(page);
  });

  await story.tell("the one who asks who gets this sees officials with district, term and date", async () => {
    await open(page, site + PETITION);
    await fill(page, { ...NEIGHBOR, "Your name": "", "E-mail": "" });
    mustEqual(await press(page, page.getByRole("button", { name: "See who gets this first" })), 200, "the answer's status");
    await inspection.inspect(visitor, "who-gets-this");
    const cards = await page.locator(".official").allInnerTexts();
    must(cards.some((card) => /Mayor/.test(card)), "no mayor is shown");
    must(cards.some((card) => /district 4/i.test(card)), "no member for district 4 is shown");
    must(cards.every((card) => /\d{4}-\d{2}-\d{2}/.test(card)), "an official is shown without a date");
    mustEqual(await page.getByLabel("Street address").inputValue(), NEIGHBOR["Street address"], "the street in the form");
  });

  await story.tell("a form with errors keeps what was typed and says beside the field what is wrong", async () => {
    await open(page, site + PETITION);
    await fill(page, { ...NEIGHBOR, "Street address": "", ZIP: "no ZIP" });
    mustEqual(await press(page, sign(page)), 422, "the answer's status");
    await inspection.inspect(visitor, "form-with-errors");
    mustEqual(await page.locator("[name=name]").inputValue(), NEIGHBOR["Your name"], "the name in the form");
    mustEqual(await page.locator("[name=zip]").inputValue(), "no ZIP", "the ZIP in the form");
    for (const field of ["street", "zip"]) {
      const input = page.locator(`[name=${field}]`);
      mustEqual(await input.getAttribute("aria-invalid"), "true", `what the field ${field} says of itself`);
      const error = page.locator(`#${await input.getAttribute("aria-describedby")}`);
      must((await error.innerText()).trim() !== "", `nothing is said beside the field ${field}`);
    }
  });

  const signedPage = await story.tell("the one who signs is sent to the mail", async () => {
    await open(page, site + PETITION);
    await fill(page, NEIGHBOR);
    await page.getByLabel("In your own words").fill("The street belongs to all of us.");
    mustEqual(await press(page, sign(page)), 200, "the answer's status");
    await inspection.inspect(visitor, "after-signing");
    return page.locator("main").innerText();
  });

  const link = await story.tell("the mail lies in the outbox, with a link", async () => {
    const mail = await findMail(context, outbox, (kept) => kept.to === NEIGHBOR["E-mail"]);
    await open(page, `${outbox}/${mail.id}`);
    await inspection.inspect(visitor, "mail");
    const address = await page.locator("pre a[href*='/confirm/']").first().getAttribute("href");
    must(address !== null, "the mail has no link to confirm");
    return address;
  });

  await story.tell("to look at the link confirms nothing", async () => {
    mustEqual(await open(page, link), 200, "the link's status");
    await inspection.inspect(visitor, "confirm");
    const beside = await context.newPage();
    await open(beside, site + PETITION);
    mustEqual(await readCount(beside), before, "the count");
    await beside.close();
  });

  await story.tell("the button confirms and says which number one is", async () => {
    mustEqual(await press(page, page.getByRole("button")), 200, "the answer's status");
    await inspection.inspect(visitor, "confirmed");
    const heading = await page.getByRole("heading", { level: 1 }).innerText();
    mustEqual(heading, `You are number ${before + 1}`, "the heading");
  });

  await story.tell("the receipt names the city, the district and the officials", async () => {
    mustEqual(await press(page, page.getByRole("link", { name: "Your receipt" })), 200, "the receipt's status");
    await inspection.inspect(visitor, "receipt");
    const text = await page.locator("main").innerText();
    must(/Millstoke city/.test(text) && /district 4/i.test(text), "the receipt does not say where the signature is counted");
    must((await page.locator(".official").count()) > 0, "the receipt names no official");
  });

  await story.tell("the city and the petition count one more", async () => {
    await open(page, `${site}${PETITION}/places`);
    await press(page, page.getByRole("link", { name: "Millstoke city" }));
    await inspection.inspect(visitor, "city");
    mustEqual(await readCity(page), cityBefore + 1, "the city's count");
    await open(page, site + PETITION);
    mustEqual(await readCount(page), before + 1, "the petition's count");
  });

  await story.tell("the one who signs again sees the same page, and nobody is counted twice", async () => {
    await fill(page, NEIGHBOR);
    mustEqual(await press(page, sign(page)), 200, "the answer's status");
    mustEqual(await page.locator("main").innerText(), signedPage, "the page");
    await open(page, site + PETITION);
    mustEqual(await readCount(page), before + 1, "the petition's count");
  });

  await story.tell("the pages about counting and keeping can be read", async () => {
    for (const name of ["about", "privacy"]) {
      mustEqual(await open(page, `${site}/${name}`), 200, `the status of /${name}`);
      await inspection.inspect(visitor, name);
    }
    mustEqual(await open(page, `${site}/nowhere`), 404, "the status of a page that is not there");
    await inspection.inspect(visitor, "not-there");
  });
  visitor.watch.must();
  await context.close();
}

const sign = (page) => page.getByRole("button", { name: "Sign the petition" });

async function readCount(page) {
  return readNumber(await page.locator(".count").first().innerText());
}

async function readCity(page) {
  return readNumber(await page.locator(".figures b").first().innerText());
}

function readNumber(text) {
  const number = Number(text.replaceAll(",", ""));
  must(Number.isInteger(number), `“${text}” is no number`);
  return number;
}
