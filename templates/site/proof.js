// Works out what the server asks before it takes a signature (ALTCHA). Without this script a mail does instead.
(() => {
  const script = document.currentScript;
  const form = document.getElementById("sign");
  const told = document.getElementById("proof");
  if (!form || !told) return;
  const rotate = (word, by) => (word >>> by) | (word << (32 - by));
  const fraction = (root) => Math.floor((root - Math.floor(root)) * 4294967296);
  const constants = [];
  const start = [];
  for (let number = 2; constants.length < 64; number += 1) {
    let divisor = 2;
    while (divisor * divisor <= number && number % divisor) divisor += 1;
    if (divisor * divisor <= number) continue;
    if (start.length < 8) start.push(fraction(Math.sqrt(number)) | 0);
    constants.push(fraction(Math.cbrt(number)) | 0);
  }
  // SHA-256 (FIPS 180-4) of ASCII: browsers offer it to secure pages alone, and slower for texts this short.
  const digest = (text) => {
    const words = new Int32Array(((text.length + 8) >> 6) * 16 + 16);
    for (let at = 0; at < text.length; at += 1) words[at >> 2] |= text.charCodeAt(at) << (24 - (at % 4) * 8);
    words[text.length >> 2] |= 128 << (24 - (text.length % 4) * 8);
    words[words.length - 1] = text.length * 8;
    const state = start.slice();
    const plan = new Int32Array(64);
    for (let block = 0; block < words.length; block += 16) {
      let [a, b, c, d, e, f, g, h] = state;
      for (let at = 0; at < 64; at += 1) {
        if (at < 16) plan[at] = words[block + at];
        else {
          const x = plan[at - 15];
          const y = plan[at - 2];
          const low = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
          const high = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
          plan[at] = plan[at - 16] + low + plan[at - 7] + high;
        }
        const one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + constants[at] + plan[at];
        const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = (d + one) | 0;
        d = c;
        c = b;
        b = a;
        a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] = (state[at] + word) | 0));
    }
    return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  };
  const solve = async ({ algorithm, challenge, maxnumber, salt, signature }) => {
    for (let number = 0; number <= maxnumber; number += 1) {
      if (digest(salt + number) === challenge) return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
      if (number % 1000 === 999) await new Promise((done) => setTimeout(done));
    }
    return "";
  };
  let isSolved = false;
  let isWorking = false;
  window.addEventListener("pageshow", () => (isSolved = false));
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (isSolved || button?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (isWorking) return;
    isWorking = true;
    told.textContent = script.dataset.working;
    try {
      const answer = await fetch(script.dataset.challenge);
      if (answer.ok) form.elements.altcha.value = await solve(await answer.json());
    } catch {
      // The server says what is missing, and the mail is left.
    }
    told.textContent = "";
    [isWorking, isSolved] = [false, true];
    form.requestSubmit(button);
  });
})();
