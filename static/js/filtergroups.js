// The three kinds of filter: values to tick, a yes or no, and a window of dates.

import { el, fill } from "./dom.js";
import { langOf, language, t } from "./i18n.js";
import { mark } from "./mark.js";
import { showCounts } from "./countpair.js";
import { datesWindows } from "./dates.js";
import { full } from "./numbers.js";
import { fold } from "./fold.js";

const SHORT_LIST = 6;
const SEARCHABLE = 12;

/** Values to tick, each with its count; a long list shows the most frequent first and can be searched. */
export class OptionsGroup {
  constructor({ filter, change }) {
    Object.assign(this, { filter, change, open: false, chosen: [], counts: new Map(), rank: null, labels: new Map() });
    Object.assign(this, { never: new Set(), seen: null });
    for (const code of filter.codes ?? []) this.labels.set(code.code, code);
    this.list = el("ul", { class: "options" });
    this.more = el("button", { type: "button", class: "link", hidden: true, on: { click: () => this.#toggle() } });
    this.search = el("input", {
      type: "search",
      class: "option-search",
      hidden: true,
      placeholder: t("filters.search"),
      "aria-label": `${t("filters.search")}: ${filter.title}`,
      on: { input: () => this.#render() },
    });
    const head = el("legend", {}, el("span", {}, filter.title), this.more);
    this.element = el("fieldset", { class: "filter" }, head, this.search, this.list);
  }

  /**
   * Shows the chosen values and the counts [{code, label, count}]; without counts the numbers stay away.
   * Counts of the `whole` layer show which values it never has: those are not offered. States always are.
   * `seen` is {code: count} of what is in view, null where that is not told apart.
   */
  update(chosen, options, { whole = false, seen = null } = {}) {
    Object.assign(this, { chosen, seen });
    if (options && whole && !this.#ofStates())
      this.never = new Set(options.filter(({ count }) => !count).map(({ code }) => code));
    for (const { code, label } of options ?? []) if (!this.labels.has(code)) this.labels.set(code, { code, label });
    if (options) this.counts = new Map(options.map(({ code, count }) => [code, count]));
    if (options && !this.rank) this.rank = this.#ranked();
    this.element.hidden = !this.labels.size;
    this.#render();
  }

  // Once ranked the order stays, so that nothing moves under the pointer.
  #ranked() {
    const codes = [...this.labels.keys()];
    if (this.#ofStates()) return codes;
    return codes.sort((a, b) => (this.counts.get(b) ?? 0) - (this.counts.get(a) ?? 0));
  }

  #ofStates() {
    return this.filter.codes?.some((code) => code.colour) ?? false;
  }

  #toggle() {
    this.open = !this.open;
    this.search.value = "";
    this.#render();
    if (this.open && !this.search.hidden) this.search.focus();
  }

  #render() {
    const all = this.#ordered();
    const wanted = fold(this.search.value);
    const found = wanted ? all.filter((code) => fold(this.labels.get(code).label).includes(wanted)) : all;
    const shown = this.open ? found : found.slice(0, Math.max(SHORT_LIST, this.chosen.length));
    this.more.hidden = all.length <= SHORT_LIST;
    this.more.textContent = this.open ? t("filters.fewer") : t("filters.all", { number: full(all.length, language()) });
    this.more.setAttribute("aria-expanded", String(this.open));
    this.search.hidden = !this.open || all.length < SEARCHABLE;
    this.list.classList.toggle("options-open", this.open && all.length > SEARCHABLE);
    this.#fill(shown);
  }

  #ordered() {
    const ranked = this.rank ?? [...this.labels.keys()];
    const late = [...this.labels.keys()].filter((code) => !ranked.includes(code));
    const codes = [...ranked, ...late].filter((code) => !this.never.has(code) || this.chosen.includes(code));
    if (this.open || codes.length <= SHORT_LIST) return codes;
    return [
      ...codes.filter((code) => this.chosen.includes(code)),
      ...codes.filter((code) => !this.chosen.includes(code)),
    ];
  }

  // Rows that are there already are used again: a box that has the focus keeps it.
  #fill(codes) {
    const rows = new Map([...this.list.children].map((row) => [row.dataset.code, row]));
    const wanted = codes.map((code) => this.#row(code, rows.get(code)));
    if (wanted.length !== this.list.children.length || wanted.some((row, index) => row !== this.list.children[index])) {
      const focused = document.activeElement;
      fill(this.list, wanted.length ? wanted : el("li", { class: "hint" }, t("filters.notfound")));
      if (this.list.contains(focused)) focused.focus();
    }
  }

  #row(code, row = this.#newRow(code)) {
    const count = this.counts.get(code);
    const known = this.counts.size > 0;
    const checked = this.chosen.includes(code);
    row.querySelector("input").checked = checked;
    const all = known ? (count ?? 0) : undefined;
    showCounts(row.querySelector(".number"), { all, seen: this.seen ? (this.seen[code] ?? 0) : undefined });
    row.classList.toggle("dim", known && !count && !checked);
    return row;
  }

  #newRow(code) {
    const entry = this.labels.get(code);
    const input = el("input", { type: "checkbox", on: { change: (event) => this.#tick(code, event.target.checked) } });
    const label = el(
      "label",
      { class: "option" },
      input,
      entry.colour ? mark({ shape: "circle", colour: entry.colour, symbol: entry.symbol }) : null,
      el("span", { class: "option-label", lang: langOf(entry.label) }, entry.label),
      el("span", { class: "number" }),
    );
    return el("li", { "data-code": code }, label);
  }

  #tick(code, on) {
    const others = this.chosen.filter((value) => value !== code);
    this.change(on ? [...others, code] : others);
  }
}

/** A yes or no: ticked it asks for yes. */
export class FlagGroup {
  constructor({ filter, change }) {
    this.filter = filter;
    this.input = el("input", {
      type: "checkbox",
      on: { change: (event) => change(event.target.checked ? ["true"] : []) },
    });
    this.number = el("span", { class: "number" });
    const label = el(
      "label",
      { class: "option" },
      this.input,
      el("span", { class: "option-label" }, filter.title),
      this.number,
    );
    this.element = el("div", { class: "filter filter-flag" }, label);
  }

  update(chosen, options, { seen = null } = {}) {
    const yes = options?.find(({ code }) => code === "true" || code === true);
    this.input.checked = chosen.includes("true");
    showCounts(this.number, { all: options ? (yes?.count ?? 0) : undefined, seen: seen ? (seen.true ?? 0) : undefined });
  }
}

/** A window of dates: the 30, 60 or 90 days before or after the map's day, or from one day to another. */
export class DatesGroup {
  constructor({ filter, change, day }) {
    Object.assign(this, { filter, change, day });
    this.chips = datesWindows(filter, day).map((window) => this.#chip(window));
    this.from = this.#field("dates.fromField");
    this.to = this.#field("dates.toField");
    const fields = el("div", { class: "date-fields" }, this.from.label, this.to.label);
    const own = el("details", { class: "date-own" }, el("summary", { class: "chip" }, t("dates.choose")), fields);
    this.element = el(
      "fieldset",
      { class: "filter" },
      el("legend", {}, el("span", {}, filter.title)),
      el("div", { class: "chips" }, this.chips),
      own,
    );
    this.own = own;
  }

  update([value = ""]) {
    const [from = "", to = from] = value.split("/");
    this.from.input.value = from === ".." ? "" : from;
    this.to.input.value = to === ".." ? "" : to;
    for (const chip of this.chips) chip.setAttribute("aria-pressed", String(chip.dataset.window === value));
    if (value && !this.chips.some((chip) => chip.dataset.window === value)) this.own.open = true;
  }

  #chip({ window, label }) {
    const press = (event) => this.change(event.currentTarget.getAttribute("aria-pressed") === "true" ? [] : [window]);
    return el(
      "button",
      { type: "button", class: "chip", "data-window": window, "aria-pressed": "false", on: { click: press } },
      label,
    );
  }

  #field(key) {
    const input = el("input", { type: "date", on: { change: () => this.#changeOwn() } });
    return { input, label: el("label", {}, t(key), input) };
  }

  #changeOwn() {
    const [from, to] = [this.from.input.value, this.to.input.value];
    const backwards = from && to && to < from;
    this.to.input.setCustomValidity(backwards ? t("dates.backwards") : "");
    if (backwards) this.to.input.reportValidity();
    else this.change(from || to ? [`${from || ".."}/${to || ".."}`] : []);
  }
}
