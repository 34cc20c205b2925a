// Robots flood the petition, and an organizer asks everybody for proof of work. A browser works it out by itself; who has no script gets
// a mail first. Both see the page that everybody sees who signs.

import { createHash } from "node:crypto";
import { PHONE, arrive, fill, open, press } from "../house/browser.js";
import { startBeside } from "../house/demo.js";
import { findMail } from "../house/outbox.js";
import { must, mustEqual } from "../house/story.js";
import { logIn } from "./organizer.js";

const PETITION = "/p/end-the-partnerships";
const ADDRESS = { "Street address": "1329 W 10TH ST", City: "Millstoke", State: "ZZ", ZIP: "69500" };

// A form that comes back within a second is taken for a robot's; in milliseconds.
const A_PERSON_TYPES = 1_200;

export async function walkUnderAttack(journey) {
  const server = await startBeside(process.env.REDRESS_PROGRAM, journey.demo);
  try {
    const attacked = { ...journey, server };
    const signedPage = await signInPeace(attacked);
    await askEverybody(attacked);
    await signWithScript(attacked, signedPage);
    await signByMail(attacked, signedPage);
  } finally {
    await server.end();
  }
}

async function signInPeace({ story, demo, browser }) {
  const visitor = await arrive(browser);
  const signedPage = await story.tell("in peace the form asks for no proof", async () => {
    const { page } = visitor;
    await open(page, demo.addresses.site + PETITION);
    mustEqual(await page.locator("script[data-challenge]").count(), 0, "the number of scripts that work out a proof");
    const { posted, shown } = await sign(page, "Pia Peaceful", "pia@example.org");
    must(!posted.has("altcha"), "the form carried a proof");
    return shown;
  });
  await leave(visitor);
  return signedPage;
}

async function askEverybody({ story, demo, server, browser }) {
  const visitor = await arrive(browser);
  const { page } = visitor;
  await story.tell("an organizer asks everybody for proof of work", async () => {
    await open(page, server.addresses.console);
    await logIn(page, demo.login);
    await open(page, `${server.addresses.console}${PETITION}/abuse`);
    await page.getByRole("radio", { name: "always", exact: true }).check();
    mustEqual(await press(page, page.getByRole("button", { name: "Set", exact: true })), 200, "the answer's status");
    must(await page.getByText("It is asked for now").isVisible(), "it is not asked for");
  });
  await leave(visitor);
}

async function signWithScript({ story, demo, server, browser, inspection }, signedPage) {
  const visitor = await arrive(browser);
  const { page, context } = visitor;
  const email = "sol@example.org";
  await story.tell("a browser works out the proof, and its person sees the same page", async () => {
    await open(page, server.addresses.site + PETITION);
    mustEqual(await page.locator("script[data-challenge]").count(), 1, "the number of scripts that work out a proof");
    mustEqual(await mailButton(page).count(), 0, "the number of ways by mail");
    await inspection.inspect(visitor, "petition-attacked");
    const { posted, shown } = await sign(page, "Sol Script", email);
    mustHoldProof(posted.get("altcha"));
    mustEqual(shown, signedPage, "the page");
  });
  await story.tell("that signature was taken", async () => {
    await findMail(context, demo.addresses.outbox, (kept) => kept.to === email && leadsTo(kept, "/confirm/"));
  });
  await leave(visitor);
}

async function signByMail({ story, demo, server, browser, inspection }, signedPage) {
  const visitor = await arrive(browser, { viewport: PHONE, hasScripts: false });
  const { page, context } = visitor;
  const { outbox } = demo.addresses;
  const email = "mira@example.org";

  await story.tell("without script nothing is saved, and the form offers a mail", async () => {
    await open(page, server.addresses.site + PETITION);
    await fill(page, { "Your name": "Mira Mail", "E-mail": email, ...ADDRESS });
    mustEqual(await press(page, signButton(page)), 422, "the answer's status");
    const told = await page.locator("main").innerText();
    must(told.includes("Nothing was saved yet"), "the page does not say that nothing was saved");
    must(told.includes("Your browser runs no script: let us send you a mail first."), "the page does not say why a mail is needed");
    mustEqual(await press(page, mailButton(page)), 200, "the answer's status");
    must(await page.getByText(`We sent a mail to ${email}`).isVisible(), "the page does not say that a mail went out");
    await inspection.inspect(visitor, "permit-asked");
    mustEqual(await page.getByLabel("Street address").inputValue(), ADDRESS["Street address"], "the street in the form");
  });

  await story.tell("the button behind the mail brings the form back", async () => {
    const mail = await findMail(context, outbox, (kept) => kept.to === email && leadsTo(kept, "/permit/"));
    const link = new URL(mail.links.find((one) => one.includes("/permit/")));
    // The mail is the demo's, and so is the server in its link.
    mustEqual(await open(page, server.addresses.site + link.pathname), 200, "the link's status");
    await inspection.inspect(visitor, "permit");
    mustEqual(await press(page, page.getByRole("button", { name: "Go on to the form" })), 200, "the answer's status");
    mustEqual(await page.getByLabel("E-mail", { exact: true }).inputValue(), email, "the e-mail in the form");
    mustEqual(await mailButton(page).count(), 0, "the number of ways by mail");
  });

  await story.tell("that form signs without a proof, and its person sees the same page", async () => {
    const { posted, shown } = await sign(page, "Mira Mail", email);
    mustEqual(posted.get("altcha"), "", "the proof");
    mustEqual(shown, signedPage, "the page");
    await findMail(context, outbox, (kept) => kept.to === email && leadsTo(kept, "/confirm/"));
  });
  await leave(visitor);
}

/** Signs as a person does: what the form posted, and the page after it without the e-mail, which alone differs. */
async function sign(page, name, email) {
  await fill(page, { "Your name": name, "E-mail": email, ...ADDRESS });
  await page.waitForTimeout(A_PERSON_TYPES);
  const [request, status] = await Promise.all([
    page.waitForRequest((one) => one.isNavigationRequest() && one.method() === "POST"),
    press(page, signButton(page)),
  ]);
  mustEqual(status, 200, "the answer's status");
  const posted = new URLSearchParams(request.postData() ?? "");
  const shown = await page.locator("main").innerText();
  must(shown.includes(email), "the page does not say to where the mail goes");
  return { posted, shown: shown.replaceAll(email, "") };
}

/** Throws unless a hidden field holds the solution of a challenge, after ALTCHA's scheme. */
function mustHoldProof(field) {
  must(field !== null && field !== "", "the form carried no proof");
  const { algorithm, challenge, number, salt, signature } = JSON.parse(Buffer.from(field, "base64").toString());
  mustEqual(algorithm, "SHA-256", "the proof's algorithm");
  mustEqual(createHash("sha256").update(`${salt}${number}`).digest("hex"), challenge, "the hash of the proof's number");
  must(signature !== undefined, "the proof does not say who signed its challenge");
}

const signButton = (page) => page.getByRole("button", { name: "Sign the petition" });
const mailButton = (page) => page.getByRole("button", { name: "Send me the mail" });
const leadsTo = (mail, part) => mail.links.some((link) => link.includes(part));

async function leave({ watch, context }) {
  watch.must();
  await context.close();
}
