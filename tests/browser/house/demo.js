// A demo of its own on a free port, and a server beside it: started, asked where everything is, ended.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// How long a program may take to be ready, and a crowd to have signed, in milliseconds.
const PATIENCE = 90_000;

/**
 * Starts a demo in a fresh folder. `addresses` has `site`, `console`, `desk`, `outbox` and `api`; `login` an e-mail and a password;
 * `folder` is where it keeps everything. With a crowd it is ready once the whole crowd has signed and confirmed.
 */
export async function startDemo(program, { crowd = 0 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "redress-browser-"));
  const clear = () => rm(folder, { recursive: true, force: true });
  const words = ["demo", "--quiet", "--listen", "127.0.0.1:0", "--data", folder];
  if (crowd > 0) words.push("--crowd", String(crowd));
  try {
    const demo = await start(program, words, crowd > 0 ? /^crowd: / : /^ready$/);
    const end = async () => {
      await demo.end();
      await clear();
    };
    return { ...demo, folder, end };
  } catch (error) {
    await clear();
    throw error;
  }
}

/**
 * Starts a server beside a demo, on its database: one that limits strangers, as a demo does not. `addresses` has `site`, `console` and
 * `api`. It sends no mail; the demo does, into its outbox.
 */
export function startBeside(program, { folder }) {
  const database = `sqlite:${join(folder, "redress.db")}`;
  return start(program, ["serve", "--listen", "127.0.0.1:0", "--database", database, "--pack", join(folder, "county.pack")], /^ready$/);
}

async function start(program, words, last) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  const end = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  try {
    return { ...(await readLines(child, ended, last)), end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function readLines(child, ended, last) {
  const told = { addresses: {}, login: undefined };
  const read = async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const [name, first, second] = line.split(" ");
      if (last.test(line)) return told;
      if (name === "login") told.login = { email: first, password: second };
      else if (first?.startsWith("http")) told.addresses[name] = first;
    }
    throw new Error("the program ended before it was ready");
  };
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`the program was not ready after ${PATIENCE / 1000} s`)), PATIENCE);
  });
  const gone = ended.then(() => new Promise((_, refuse) => {
    setTimeout(() => refuse(new Error("the program ended before it was ready")), 1_000);
  }));
  try {
    return await Promise.race([read(), gone, late]);
  } finally {
    clearTimeout(timer);
    gone.catch(() => {});
  }
}
