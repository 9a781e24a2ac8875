// The number beside a value of a filter: of the country, and before it of the view where the two are told apart.

import { el, fill } from "./dom.js";
import { language, t } from "./i18n.js";
import { full } from "./numbers.js";

/** Fills an element: `all` is the country's number, undefined when unknown; `seen` the view's, undefined for none. */
export function showCounts(element, { all, seen }) {
  const [whole, part] = [all, seen].map((number) => (number === undefined ? "" : full(number, language())));
  element.removeAttribute("title");
  if (!whole || !part) return fill(element, whole);
  const words = t("counts.spoken", { seen: part, all: whole });
  element.title = words;
  fill(
    element,
    el("span", { "aria-hidden": "true" }, el("strong", {}, part), ` / ${whole}`),
    el("span", { class: "visually-hidden" }, words),
  );
}
