// All words of the page, in the language of its address.

const current = document.documentElement.lang === "en" ? "en" : "vi";
const { default: WORDS } = await import(`./words/${current}.js`);
// Letters with the marks of Vietnamese, taken apart.
const VIETNAMESE = /[\u0300-\u0303\u0306\u0309\u031b\u0323đ]/iu;

export function language() {
  return current;
}

/** The words under a key, with {name} replaced by the value of that name. Throws on an unknown key. */
export function t(key, values = {}) {
  const words = WORDS[key];
  if (words === undefined) throw new Error(`no words for ${key}`);
  return words.replace(/\{(\w+)\}/g, (match, name) => values[name] ?? match);
}

/** The language that a text from the data has to be marked with: "vi" where it is not in the page's own, else null. */
export function langOf(text) {
  return current === "en" && text && VIETNAMESE.test(text.normalize("NFD")) ? "vi" : null;
}

/** The same text as a child of an element, marked where it has to be. */
export function inItsLanguage(text) {
  const lang = langOf(text);
  return lang ? Object.assign(document.createElement("span"), { lang, textContent: text }) : text;
}

/** A path of ours as a reader of the page's language asks for it. */
export function inLanguage(path) {
  return current === "en" ? `${path}${path.includes("?") ? "&" : "?"}lang=en` : path;
}
