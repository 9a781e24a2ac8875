// The search box: places and names as you type, by the combobox pattern.

import { el, fill, icon } from "./dom.js";
import { highlighted } from "./fold.js";
import { language, t } from "./i18n.js";
import { layerMark } from "./mark.js";
import { classesOf, isPoint } from "./catalogue.js";
import { debounced, getJson, isAbort, latest } from "./request.js";

const WAIT_MS = 150;
const LIMIT = 12;

export class Search {
  /** `choose(result)` goes to what was picked; `announce(text)` speaks. */
  constructor({ form, catalogue, choose, announce }) {
    Object.assign(this, { catalogue, choose, announce, results: [], active: -1 });
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
  }

  focus() {
    this.input.focus();
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
    const result = this.results[Math.max(0, this.active)];
    if (result) this.#choose(result);
    else this.ask();
  }

  async #ask() {
    const query = this.input.value.trim();
    if (query.length < 2) return;
    try {
      const address = `/api/v1/search/?q=${encodeURIComponent(query)}&limit=${LIMIT}&lang=${language()}`;
      const answer = await getJson(address, { signal: this.signal() });
      this.#show(answer.results, query);
    } catch (error) {
      if (!isAbort(error)) this.#message(error.offline ? t("error.offline") : t("search.failed"));
    }
  }

  #show(results, query) {
    this.results = results;
    this.active = -1;
    this.options = results.map((result, index) => this.#option(result, index, query));
    if (!results.length) return this.#message(t("search.none", { query }));
    fill(this.box, groups(results, this.options, this.catalogue));
    this.#open(true);
    this.announce(t("search.count", { number: results.length }));
  }

  #message(text) {
    this.results = [];
    fill(this.box, el("p", { class: "search-message" }, text));
    this.#open(true);
    this.announce(text);
  }

  #option(result, index, query) {
    const layer = this.catalogue.layer(result.layer);
    const picture = layer && isPoint(layer) ? layerMark(layer, classesOf(layer)) : icon("place", "icon soft");
    const option = el(
      "div",
      { role: "option", id: `result-${index}`, class: "result", "aria-selected": "false" },
      picture,
      el(
        "span",
        { class: "result-text" },
        el("span", {}, marked(result.title, query)),
        result.subtitle ? el("small", {}, result.subtitle) : null,
      ),
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
    this.input.value = result.title;
    this.#open(false);
    this.choose(result);
  }

  #open(open) {
    this.box.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }
}

function groups(results, options, catalogue) {
  const byKind = new Map();
  results.forEach((result, index) => {
    const name = result.similar ? t("search.similar") : (catalogue.layer(result.layer)?.title ?? t("search.places"));
    if (!byKind.has(name)) byKind.set(name, []);
    byKind.get(name).push(options[index]);
  });
  return [...byKind].map(([name, members]) =>
    el(
      "div",
      { role: "group", "aria-label": name },
      el("p", { class: "result-group", "aria-hidden": "true" }, name),
      members,
    ),
  );
}

function marked(text, query) {
  return highlighted(text, query).map(([part, found]) => (found ? el("mark", {}, part) : part));
}
