// A demo of its own on a free port: started, asked where everything is, ended.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// How long a demo may take to be ready, and a crowd to have signed, in milliseconds.
const PATIENCE = 90_000;

/**
 * Starts the program in a fresh folder. `addresses` has `site`, `console`, `desk`, `outbox` and `api`; `login` an e-mail and a
 * password. With a crowd it is ready once the whole crowd has signed and confirmed.
 */
export async function startDemo(program, { crowd = 0 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "redress-browser-"));
  const words = ["demo", "--quiet", "--listen", "127.0.0.1:0", "--data", folder];
  if (crowd > 0) words.push("--crowd", String(crowd));
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const demo = await readLines(child, ended, crowd > 0 ? /^crowd: / : /^ready$/);
    return { ...demo, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function readLines(child, ended, last) {
  const demo = { addresses: {}, login: undefined };
  const read = async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const [name, first, second] = line.split(" ");
      if (last.test(line)) return demo;
      if (name === "login") demo.login = { email: first, password: second };
      else if (first?.startsWith("http")) demo.addresses[name] = first;
    }
    throw new Error("the demo ended before it was ready");
  };
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`the demo was not ready after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  const gone = ended.then(() => new Promise((_, refuse) => {
    setTimeout(() => refuse(new Error("the demo ended before it was ready")), 1_000);
  }));
  try {
    return await Promise.race([read(), gone, late]);
  } finally {
    clearTimeout(timer);
    gone.catch(() => {});
  }
}
