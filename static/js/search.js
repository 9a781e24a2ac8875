// The search box: places, abilities, names and numbers as you type, by the combobox pattern.

import { el, fill, icon } from "./dom.js";
import { highlighted } from "./fold.js";
import { inLanguage, langOf, language, t } from "./i18n.js";
import { layerMark } from "./mark.js";
import { distance, full } from "./numbers.js";
import { classesOf, isPoint } from "./catalogue.js";
import { debounced, getJson, isAbort, latest } from "./request.js";

const WAIT_MS = 150;
const LIMIT = 6;
// "VICAS 001 - QMS", "1234/QĐ-TĐC": more words than these are no number.
const MOST_WORDS_OF_A_NUMBER = 4;

export class Search {
  /** `choose(result)` goes to what was picked; `from()` is where distances are measured from,
   *  `mine()` where the reader is, if that is known; `announce(text)` speaks. */
  constructor({ form, catalogue, choose, from, mine, announce }) {
    Object.assign(this, { catalogue, choose, from, mine, announce, results: [], active: -1 });
    this.input = form.querySelector("input");
    this.clear = form.querySelector("button[type=reset]");
    this.box = form.querySelector("[role=listbox]");
    this.signal = latest();
    this.ask = debounced(() => this.#ask(), WAIT_MS);
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("focus", () => this.results.length && this.#open(true));
    this.input.addEventListener("blur", () => setTimeout(() => this.#open(false), 150));
    form.addEventListener("submit", (event) => this.#submit(event));
    form.addEventListener("reset", () => this.#reset());
    // Whoever was quicker than this script is answered too.
    this.#typed();
  }

  /** Puts the reader into the field, with what can be asked and the way to ask for several things at once. */
  invite() {
    this.input.focus();
    if (this.input.value) return;
    const all = { kind: "page", symbol: "able", title: t("search.all"), subtitle: t("search.allHint"), href: "/find" };
    this.results = [all];
    this.active = -1;
    this.options = [this.#option(all, 0, "")];
    fill(this.box, el("p", { class: "search-message" }, t("search.examples")), this.options);
    this.#open(true);
  }

  #typed() {
    this.clear.hidden = !this.input.value;
    if (this.input.value.trim().length < 2) {
      this.signal();
      this.results = [];
      this.#open(false);
    } else this.ask();
  }

  #reset() {
    this.results = [];
    this.clear.hidden = true;
    this.#open(false);
    this.input.focus();
  }

  #submit(event) {
    event.preventDefault();
    // Enter alone never chooses between verification and calibration: that is asked for a reason.
    const result = this.results[this.active] ?? this.results.find(({ kind }) => kind !== "choice");
    if (result) this.#choose(result);
    else this.ask();
  }

  async #ask() {
    const query = this.input.value.trim();
    if (query.length < 2) return;
    try {
      const where = this.from() ? `&lon=${this.from()[0].toFixed(4)}&lat=${this.from()[1].toFixed(4)}` : "";
      const address = `/api/v1/search/?q=${encodeURIComponent(query)}&limit=${LIMIT}&lang=${language()}${where}`;
      const answer = await getJson(address, { signal: this.signal() });
      this.#show(answer, query);
    } catch (error) {
      if (!isAbort(error)) this.#message(error.offline ? t("error.offline") : t("search.failed"));
    }
  }

  #show({ choices, results }, query) {
    const grouped = groups([...choices.map(asResult), ...results, ...pages(results, query, this.mine())], this.catalogue);
    this.results = grouped.flatMap(([, members]) => members);
    this.active = -1;
    this.options = this.results.map((result, index) => this.#option(result, index, query));
    const none = t("search.none", { query });
    if (!this.results.length) return this.#message(none);
    const message = results.length ? null : el("p", { class: "search-message" }, none);
    fill(this.box, message, drawn(grouped, this.options));
    this.#open(true);
    this.announce(results.length ? t("search.count", { number: results.length }) : none);
  }

  #message(text) {
    this.results = [];
    fill(this.box, el("p", { class: "search-message" }, text));
    this.#open(true);
    this.announce(text);
  }

  #option(result, index, query) {
    const layer = this.catalogue.layer(result.layer);
    const option = el(
      "div",
      { role: "option", id: `result-${index}`, class: "result", "aria-selected": "false" },
      picture(result, layer),
      el(
        "span",
        { class: "result-text" },
        el("span", { lang: langOf(result.title) }, marked(result.title, query)),
        result.subtitle ? el("small", { lang: langOf(result.subtitle) }, result.subtitle) : null,
      ),
      aside(result),
    );
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.#choose(result));
    return option;
  }

  #key(event) {
    if (event.key === "Escape") return this.#open(false);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.results.length) return;
    event.preventDefault();
    this.#open(true);
    this.#activate((this.active + step + this.results.length) % this.results.length);
  }

  #activate(index) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    this.options[index].setAttribute("aria-selected", "true");
    this.options[index].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", this.options[index].id);
  }

  #choose(result) {
    if (result.href) return location.assign(inLanguage(result.href));
    this.input.value = result.filters?.competence ?? result.title;
    this.#open(false);
    this.choose(result);
  }

  #open(open) {
    this.box.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }
}

/** The results under their headings, in the order in which they are shown: [[heading, [result]], …]. */
function groups(results, catalogue) {
  const byName = new Map();
  for (const result of results) {
    const name = heading(result, catalogue);
    byName.set(name, [...(byName.get(name) ?? []), result]);
  }
  return [...byName];
}

function drawn(grouped, options) {
  let at = 0;
  return grouped.map(([name, members]) =>
    el(
      "div",
      { role: "group", "aria-label": name },
      el("p", { class: "result-group", "aria-hidden": "true" }, name),
      options.slice(at, (at += members.length)),
    ),
  );
}

function heading(result, catalogue) {
  if (result.similar) return t("search.similar");
  const named = { choice: "search.choice", scope: "search.scope", page: "search.page" }[result.kind];
  if (named) return t(named);
  return catalogue.layer(result.layer)?.title ?? t("search.places");
}

function picture(result, layer) {
  if (result.symbol) return icon(result.symbol, "icon soft");
  if (result.kind === "scope") return icon("able", "icon soft");
  return layer && isPoint(layer) ? layerMark(layer, classesOf(layer)) : icon("place", "icon soft");
}

/** What stands at the end of a result: how many places can do it, how far the nearest is. */
function aside({ places, distance_m }) {
  const far = distance_m === undefined ? null : el("span", {}, distance(distance_m, language()));
  const many = places === undefined ? null : el("span", {}, t("search.able", { number: full(places, language()) }));
  return far || many ? el("span", { class: "result-aside" }, many, far) : null;
}

/** A choice between activities, as a result that can be picked. */
function asResult(choice) {
  return { ...choice, kind: "choice", title: choice.label, subtitle: choice.hint, symbol: "able" };
}

/** The pages that go on from here: who can do it, ranked; whether a number is valid. */
function pages(results, query, mine) {
  const asked = encodeURIComponent(query);
  // The address of that page may be passed on: it says where one is to a hundred metres.
  const where = mine ? `&lon=${mine[0].toFixed(3)}&lat=${mine[1].toFixed(3)}` : "";
  const able = !results.length || query.includes(";") || results.some(({ kind }) => kind === "scope");
  const number = /\d/.test(query) && !/^\s*\d+\s*$/.test(query) && (query.match(/[\p{L}\d]+/gu) ?? []).length <= MOST_WORDS_OF_A_NUMBER;
  return [
    able ? { kind: "page", symbol: "able", title: t("search.rank"), subtitle: query, href: `/find?competence=${asked}${where}` } : null,
    number ? { kind: "page", symbol: "check", title: t("search.check"), subtitle: query, href: `/verify?number=${asked}` } : null,
  ].filter(Boolean);
}

function marked(text, query) {
  return highlighted(text, query).map(([part, found]) => (found ? el("mark", {}, part) : part));
}
