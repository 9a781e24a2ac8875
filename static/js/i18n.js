// All words of the page, in the language of its address.

import en from "./words/en.js";
import vi from "./words/vi.js";

const WORDS = { vi, en };
// Letters with the marks of Vietnamese, taken apart.
const VIETNAMESE = /[\u0300-\u0303\u0306\u0309\u031b\u0323đ]/iu;
let current = document.documentElement.lang === "en" ? "en" : "vi";

export function language() {
  return current;
}

/** The words under a key, with {name} replaced by the value of that name. Throws on an unknown key. */
export function t(key, values = {}) {
  const words = WORDS[current][key];
  if (words === undefined) throw new Error(`no words for ${key}`);
  return words.replace(/\{(\w+)\}/g, (match, name) => values[name] ?? match);
}

/** The language that a text from the data has to be marked with: "vi" where it is not in the page's own, else null. */
export function langOf(text) {
  return current === "en" && VIETNAMESE.test(text.normalize("NFD")) ? "vi" : null;
}

/** A path of ours as a reader of the page's language asks for it. */
export function inLanguage(path) {
  return current === "en" ? `${path}${path.includes("?") ? "&" : "?"}lang=en` : path;
}

/** The address of this page in the other language. */
export function addressIn(other, address) {
  const url = new URL(address);
  if (other === "vi") url.searchParams.delete("lang");
  else url.searchParams.set("lang", other);
  return `${url.pathname}${url.search.replaceAll("%2C", ",").replaceAll("%2F", "/")}`;
}
