// Somebody who runs the petition counts in the console.

import { readFile } from "node:fs/promises";
import { arrive, open, press } from "../house/browser.js";
import { must, mustEqual } from "../house/story.js";

export async function walkAsOrganizer({ story, demo, browser, inspection }) {
  const visitor = await arrive(browser);
  const { page, context } = visitor;
  const entrance = demo.addresses.console;

  await story.tell("the console asks who one is, and a wrong password is refused", async () => {
    mustEqual(await open(page, entrance), 200, "the console's status");
    must(/\/console\/login/.test(page.url()), `without a login one is at ${page.url()}`);
    await inspection.inspect(visitor, "console-login");
    await logIn(page, { ...demo.login, password: "not the password" });
    await inspection.inspect(visitor, "console-login-refused");
    must(/\/console\/login/.test(page.url()), "a wrong password opened the console");
    mustEqual(await page.getByLabel("E-mail").inputValue(), demo.login.email, "the e-mail in the form");
  });

  await story.tell("the organizer logs in and sees the petition", async () => {
    mustEqual(await logIn(page, demo.login), 200, "the answer's status");
    await inspection.inspect(visitor, "console");
    await press(page, page.getByRole("main").getByRole("link", { name: /Forbid, or end/ }));
    await inspection.inspect(visitor, "console-petition");
  });

  await story.tell("the counts by place add up to the total, and so does their CSV", async () => {
    await press(page, page.getByRole("link", { name: "Places", exact: true }));
    await inspection.inspect(visitor, "console-counts");
    const total = await readTotal(page);
    const rows = await page.locator("tbody tr td.n:nth-of-type(2)").allInnerTexts();
    mustEqual(sum(rows), total, "the sum of the rows");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "CSV" }).click(),
    ]);
    const [head, ...lines] = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/).map(readRow);
    mustEqual(sum(lines.map((line) => line[head.indexOf("count")])), total, "the sum of the CSV");
  });

  await story.tell("the counts by district add up to the same total", async () => {
    const total = await readTotal(page);
    await press(page, page.getByRole("link", { name: "Districts", exact: true }));
    await inspection.inspect(visitor, "console-districts");
    mustEqual(await readTotal(page), total, "the total");
  });

  await story.tell("the text, the audit log and the account can be read", async () => {
    await press(page, page.getByRole("link", { name: "Text and rules" }));
    await inspection.inspect(visitor, "console-text");
    await press(page, page.getByRole("link", { name: "Audit log" }));
    await inspection.inspect(visitor, "console-audit");
    await press(page, page.getByRole("link", { name: demo.login.email }));
    await inspection.inspect(visitor, "console-account");
  });

  await story.tell("a signature is found by its name, and a sweep over it counts before it changes anything", async () => {
    await press(page, page.getByRole("link", { name: "Redress console" }));
    await press(page, page.getByRole("main").getByRole("link", { name: /Forbid, or end/ }));
    await press(page, page.getByRole("link", { name: "Signatures", exact: true }));
    await inspection.inspect(visitor, "console-signatures");
    const name = await page.locator("tbody th").first().innerText();
    await page.locator("#name").fill(name);
    await press(page, page.getByRole("button", { name: "Search" }));
    await inspection.inspect(visitor, "console-signatures-found");
    must(!page.url().includes(encodeURIComponent(name)), "a name stands in the address");
    await press(page, page.getByRole("link", { name: "Abuse", exact: true }));
    await inspection.inspect(visitor, "console-abuse");
    await page.locator("#blocked").fill("no domain at all");
    await press(page, page.getByRole("button", { name: "Save all rules" }));
    await inspection.inspect(visitor, "console-abuse-refused");
    must(await page.getByText("blocked, line 1").isVisible(), "the bad line is not named");
    await page.locator("#blocked").fill("**.blocked.example");
    await press(page, page.getByRole("button", { name: "Try them on past days" }));
    await inspection.inspect(visitor, "console-abuse-tried");
    await press(page, page.getByRole("link", { name: "Sweeps", exact: true }));
    await inspection.inspect(visitor, "console-sweeps");
    await page.locator("#name").fill(name);
    await press(page, page.getByRole("button", { name: "Count them" }));
    for (let look = 0; look < 20 && (await page.getByRole("link", { name: "Look again" }).count()) > 0; look += 1) {
      await page.waitForTimeout(500);
      await press(page, page.getByRole("link", { name: "Look again" }));
    }
    await inspection.inspect(visitor, "console-sweep");
    must(await page.getByText("Nothing is changed yet").isVisible(), "the sweep was not counted");
    await press(page, page.getByRole("button", { name: "Cancel" }));
    must(await page.getByText("Stopped by a person").isVisible(), "the sweep was not cancelled");
  });

  await story.tell("who has logged out is asked again", async () => {
    await press(page, page.getByRole("button", { name: "Log out" }));
    await open(page, entrance);
    must(/\/console\/login/.test(page.url()), "the console is still open");
  });
  visitor.watch.must();
  await context.close();
}

/** Gives e-mail and password where the console asks for them. */
export async function logIn(page, { email, password }) {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  return press(page, page.getByRole("button", { name: "Log in" }));
}

async function readTotal(page) {
  return sum([await page.locator("tfoot td.n").first().innerText()]);
}

function sum(texts) {
  return texts.reduce((total, text) => {
    const number = Number(text.replaceAll(",", ""));
    must(Number.isInteger(number), `“${text}” is no number`);
    return total + number;
  }, 0);
}

/** The fields of one row (RFC 4180, without line breaks inside). */
function readRow(line) {
  const fields = Array.from(`${line},`.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*)),/g));
  return fields.map(([, quoted, plain]) => plain ?? quoted.replaceAll('""', '"'));
}
