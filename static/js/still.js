// The server's picture of the state in place of the map, with plain links to the views beside it: where a browser
// cannot draw the map, and where it waits to be asked for.

import { format } from "./state.js";

/** Shows the section with the picture and keeps it and its links at the state of the page, as `why` says:
 *  "unable" to draw the map, "failed" to get it, or "spared" it. What comes back takes it away again. */
export function showStill({ section, store, defaults, why = "unable" }) {
  document.documentElement.dataset.map = "none";
  section.hidden = false;
  for (const reason of section.querySelectorAll("[data-why]")) reason.hidden = reason.dataset.why !== why;
  const failed = section.querySelector("#still-failed");
  const picture = section.querySelector("img");
  picture.addEventListener("error", () => (failed.hidden = false));
  picture.addEventListener("load", () => (failed.hidden = true));
  const follow = () => keepUp(section, format(store.state, defaults));
  const leave = store.watch(follow);
  follow();
  return () => {
    leave();
    section.hidden = true;
    delete document.documentElement.dataset.map;
  };
}

/** Shows the same until somebody asks for the map in its place, then resolves. */
export async function stillUntilAsked(options) {
  const takeAway = showStill({ ...options, why: "spared" });
  await new Promise((asked) => options.section.querySelector("[data-action=live]").addEventListener("click", asked, { once: true }));
  takeAway();
}

function keepUp(section, query) {
  for (const picture of section.querySelectorAll("source")) picture.srcset = withState(picture.srcset, query);
  for (const picture of section.querySelectorAll("img")) picture.src = withState(picture.src, query);
  for (const link of section.querySelectorAll("a[data-with-state]")) link.href = link.dataset.withState + query;
  for (const link of section.querySelectorAll("a[data-at]")) link.href = "/" + at(query, link.dataset.at);
}

/** The address of a picture with another state, in the size and frame it had. */
function withState(address, query) {
  const before = new URL(address, location.href);
  const after = new URLSearchParams(query);
  for (const name of ["width", "height", "theme", "frame"]) {
    if (before.searchParams.has(name)) after.set(name, before.searchParams.get(name));
  }
  return `${before.pathname}?${readable(after)}`;
}

function at(query, place) {
  const parameters = new URLSearchParams(query);
  if (place) parameters.set("at", place);
  else parameters.delete("at");
  const text = readable(parameters);
  return text ? `?${text}` : "";
}

function readable(parameters) {
  return String(parameters).replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
}
