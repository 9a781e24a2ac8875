// The page of a signed copy: verifies what stands behind the # of its address. All words stand in the page already.

import { dayInWords, headlineOf, readToken, signOf, verdictOf, writtenIn } from "./signedtoken.js";

const DAYS = ["day", "on", "from", "to", "since", "newer", "upto"];
const card = document.querySelector("#signed");

addEventListener("hashchange", show);
keepForLater();
await show();

async function show() {
  card.hidden = false;
  tell("working");
  const written = writtenIn(location.hash);
  if (written === "") return tell("none");
  // Messages and printers cut long addresses: what is not a whole copy accuses nobody of having changed it.
  const token = written === null ? null : readToken(written);
  if (token === null) return tell("unreadable");
  const keys = await publicKeys();
  if (keys === null) return tell("nokeys");
  const verdict = await verdictOf(token, keys, crypto.subtle);
  if (verdict === "good") fill(token.payload);
  tell(verdict, verdict === "good" ? token.payload : null);
}

async function publicKeys() {
  try {
    const response = await fetch("/verify/keys.json");
    return response.ok ? (await response.json()).keys : null;
  } catch {
    return null;
  }
}

/** Shows the words of a verdict; of a verified answer its own, of every other no content at all. */
function tell(verdict, payload = null) {
  const [tone, mark] = payload ? signOf(payload) : verdict === "broken" ? ["overdue", "!"] : ["unknown", "○"];
  Object.assign(card.dataset, { verdict, tone });
  card.querySelector("#signed-mark").textContent = mark;
  if (!payload) for (const slot of card.querySelectorAll("[data-slot]")) slot.textContent = "";
  for (const part of card.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== verdict;
  const headline = payload && headlineOf(payload);
  for (const part of card.querySelectorAll("[data-answer]")) part.hidden = part.dataset.answer !== headline;
}

function fill(payload) {
  for (const slot of card.querySelectorAll("[data-slot]")) {
    const value = payload[slot.dataset.slot] ?? "";
    slot.textContent = DAYS.includes(slot.dataset.slot) ? dayInWords(String(value)) : String(value);
  }
  for (const part of card.querySelectorAll("[data-present]")) part.hidden = payload[part.dataset.present] === undefined;
  for (const name of ["k", "s"]) {
    for (const part of card.querySelectorAll(`[data-${name}]`)) part.hidden = part.dataset[name] !== payload[name];
  }
  const again = document.querySelector("#again");
  const asked = new URLSearchParams({ number: payload.n });
  again.href = `${again.dataset.base}${again.dataset.base.includes("?") ? "&" : "?"}${asked}`;
}

/** From now on the page opens and verifies without a network. */
function keepForLater() {
  navigator.serviceWorker?.register("/verify/worker.js").catch(() => {
    // Private windows and some in-app browsers keep nothing: the page then works with a network only.
  });
}
