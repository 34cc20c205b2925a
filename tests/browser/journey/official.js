// Somebody in a city hall reads the letter and follows its link.

import { arrive, open } from "../house/browser.js";
import { findMail } from "../house/outbox.js";
import { must, mustEqual } from "../house/story.js";

export async function walkAsOfficial({ story, demo, browser, inspection }) {
  const visitor = await arrive(browser);
  const { page, context } = visitor;
  const { desk, outbox } = demo.addresses;

  await story.tell("the letter says how many residents ask for what, and what is attached", async () => {
    const letter = await findMail(context, outbox, (kept) => kept.links.includes(desk));
    await open(page, outbox);
    await inspection.inspect(visitor, "outbox");
    mustEqual(await open(page, `${outbox}/${letter.id}`), 200, "the letter's status");
    await inspection.inspect(visitor, "letter");
    const [, count, place] = /^([\d,]+) residents? of (.+?) ask/.exec(letter.subject) ?? [];
    must(count !== undefined, `its subject is “${letter.subject}”`);
    const text = await page.locator("pre").innerText();
    must(text.includes(count) && text.includes(place), `its text does not speak of ${count} residents of ${place}`);
    must(text.includes(desk), "its text does not lead to the desk");
    must(/\.csv/.test(await page.locator("dl").innerText()), "no list is attached");
  });

  await openWhenThere("the desk opens by the letter's link alone", desk, "desk");
  await openWhenThere("the record of letters is public", `${demo.addresses.site}/p/end-the-partnerships/ledger`, "ledger");
  visitor.watch.must();
  await context.close();

  /** A page that not every program has yet: where it is not there this is said, where it is it must be right. */
  async function openWhenThere(sentence, address, name) {
    const status = await open(page, address);
    if (status === 404) {
      story.omit(sentence, "the program answers 404");
      return;
    }
    await story.tell(sentence, async () => {
      mustEqual(status, 200, "the page's status");
      await inspection.inspect(visitor, name);
    });
  }
}
