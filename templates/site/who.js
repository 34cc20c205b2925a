// Shows who gets this while an address is typed. Without this script the button under the form shows the same.
(() => {
  const form = document.getElementById("sign");
  const place = document.getElementById("who");
  const button = form?.querySelector("button[formaction]");
  if (!place || !button) return;
  const names = ["street", "unit", "city", "state", "zip"];
  let timer;
  let asked;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const typed = new URLSearchParams(names.map((name) => [name, form.elements[name].value]));
    if (!/^\s*\d{5}/.test(typed.get("zip")) || !typed.get("street").trim()) {
      place.replaceChildren();
      return;
    }
    try {
      const answer = await fetch(`${button.formAction}/preview`, { method: "POST", body: typed, signal: asked.signal });
      if (answer.ok) place.innerHTML = await answer.text();
    } catch {
      // The next letter asks again, and the button still answers.
    }
  };
  form.addEventListener("input", (event) => {
    if (!names.includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(show, 400);
  });
})();
