// The mail that a demo has written.

// How long a mail may take to be written, in milliseconds.
const PATIENCE = 20_000;
const GLANCE = 200;

/** The newest mail that `fits`, once there is one: `{ id, to, subject, at, links }`. */
export async function findMail(context, outbox, fits) {
  const until = performance.now() + PATIENCE;
  while (performance.now() < until) {
    const answer = await context.request.get(`${outbox}.json`);
    const found = (await answer.json()).find(fits);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, GLANCE));
  }
  throw new Error(`no such mail came within ${PATIENCE / 1000} s`);
}
