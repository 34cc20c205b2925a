// A neighbor who reads Spanish signs at a desk, with script: her officials appear while she types.

import { DESK, arrive, fill, open, press } from "../house/browser.js";
import { findMail } from "../house/outbox.js";
import { must, mustEqual } from "../house/story.js";

const PETITION = "/p/end-the-partnerships";

const VECINA = {
  "Su nombre": "Lucía Vecina",
  "Correo electrónico": "lucia@example.org",
  Dirección: "1329 W 10TH ST",
  Ciudad: "Millstoke",
  Estado: "ZZ",
  "Código postal": "69500",
};

// A slip of the finger, and what was meant.
const SLIP = ["lucia", "gmial.com"].join("@");
const MEANT = ["lucia", "gmail.com"].join("@");

export async function walkAsVecina({ story, demo, browser, inspection }) {
  const visitor = await arrive(browser, { viewport: DESK, hasScripts: true });
  const { page, context } = visitor;
  const { site, outbox } = demo.addresses;

  await story.tell("the foot of the page leads to Spanish", async () => {
    await open(page, site + PETITION);
    await press(page, page.getByRole("link", { name: "Español" }));
    must(page.url().endsWith(`/es${PETITION}`), `the link led to ${page.url()}`);
    mustEqual(await page.locator("html").getAttribute("lang"), "es", "the page's language");
    await inspection.inspect(visitor, "petition-in-spanish");
  });

  await story.tell("officials appear while the address is typed", async () => {
    await fill(page, VECINA);
    await page.locator("#who .official").first().waitFor();
    const shown = await page.locator("#who").innerText();
    must(/Millstoke city/.test(shown) && /distrito 4/.test(shown), `shown is: ${shown}`);
    await inspection.inspect(visitor, "officials-while-typing");
  });

  await story.tell("a slip in the e-mail is asked about, and one click mends it", async () => {
    await page.getByLabel("Correo electrónico", { exact: true }).fill(SLIP);
    mustEqual(await press(page, page.getByRole("button", { name: "Firmar la petición" })), 422, "the answer's status");
    await inspection.inspect(visitor, "did-you-mean");
    mustEqual(await press(page, page.getByRole("button", { name: `Sí, firmar con ${MEANT}` })), 200, "the answer's status");
    must((await page.locator("main").innerText()).includes(MEANT), "the page does not say to where the mail goes");
    await inspection.inspect(visitor, "signed-in-spanish");
  });

  await story.tell("another address can be given after signing", async () => {
    await page.locator("summary").click();
    await page.getByLabel("Correo electrónico", { exact: true }).fill(VECINA["Correo electrónico"]);
    mustEqual(await press(page, page.getByRole("button", { name: "Enviar el correo ahí" })), 200, "the answer's status");
    await inspection.inspect(visitor, "another-address");
  });

  await story.tell("the mail is in Spanish, and its link leads to Spanish pages", async () => {
    const mail = await findMail(context, outbox, (kept) => kept.to === VECINA["Correo electrónico"]);
    must(/Confirme su firma/.test(mail.subject), `the subject is ${mail.subject}`);
    const link = mail.links.find((link) => link.includes("/es/confirm/"));
    must(link !== undefined, `the links are ${mail.links}`);
    await open(page, link);
    await inspection.inspect(visitor, "confirm-in-spanish");
    mustEqual(await press(page, page.getByRole("button")), 200, "the answer's status");
    must(/Usted es el número/.test(await page.locator("main").innerText()), "the page does not say which number she is");
    await press(page, page.getByRole("link", { name: "Su comprobante" }));
    await inspection.inspect(visitor, "receipt-in-spanish");
  });
  visitor.watch.must();
  await context.close();
}
