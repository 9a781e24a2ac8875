// Without WebGL 2: the server's picture of the state in place of the map, with plain links to the views beside it.

import { format } from "./state.js";

/** Shows the section with the picture and keeps it and its links at the state of the page. */
export function showStill({ section, store, defaults }) {
  document.querySelector("#first-paint")?.remove();
  document.documentElement.dataset.map = "none";
  section.hidden = false;
  const failed = section.querySelector("#still-failed");
  const picture = section.querySelector("img");
  picture.addEventListener("error", () => (failed.hidden = false));
  picture.addEventListener("load", () => (failed.hidden = true));
  const follow = () => keepUp(section, format(store.state, defaults));
  store.watch(follow);
  follow();
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
