// The tab of the list: the rows in view as cards, the twin of what the map shows.

import { classesOf, filterOf } from "./catalogue.js";
import { el, fill, icon } from "./dom.js";
import { bboxText } from "./geometry.js";
import { language, t } from "./i18n.js";
import { badge } from "./mark.js";
import { date, full } from "./numbers.js";
import { getJson, isAbort, latest } from "./request.js";
import { queryOf } from "./state.js";
import { errorBox } from "./errorbox.js";

const PAGE = 20;
// Said in the line of the address, or only where they matter.
const SAID = new Set(["address", "province", "commune", "geom_accuracy"]);

export class ListPanel {
  /** `results` knows how many match in the country, `bounds()` the bbox in view; `pick(layer, id)` opens a record. */
  constructor({ element, catalogue, store, view, results, bounds, pick }) {
    Object.assign(this, { element, catalogue, store, view, results, bounds, pick, area: null });
    this.signal = latest();
    this.head = el("p", { class: "list-head" });
    this.list = el("ul", { class: "cards" });
    this.foot = el("div", { class: "list-foot" });
    fill(element, this.head, this.list, this.foot);
    store.watch(() => this.refresh());
    results.watch(() => this.#explain());
    view.watch((now, before) => {
      if (now.tab !== "list" && before.tab === "list") this.area = null;
      this.refresh();
    });
  }

  /** Shows what stands at one place, until the map is moved. */
  showPlace(bbox) {
    this.area = bbox;
    this.refresh();
  }

  /** The map was moved: the list follows it. */
  moved() {
    this.area = null;
    this.refresh();
  }

  /** Asks for the rows of now if the tab is open and the question is another one. */
  refresh() {
    const layer = this.catalogue.layer(this.view.state.chosen);
    if (this.view.state.tab !== "list") return;
    if (!layer) return this.#empty(t("list.nolayer"));
    const address = this.#address(layer);
    if (address === this.shown) return;
    this.shown = address;
    this.#load({ layer, address, more: false });
  }

  #address(layer) {
    const query = queryOf(this.store.state, layer.id);
    const own = this.store.state.shared.bbox ? "" : `bbox=${bboxText(this.area ?? this.bounds())}&`;
    return `${layer.links.items}?${own}limit=${PAGE}&lang=${language()}${query ? `&${query}` : ""}`;
  }

  async #load({ layer, address, more }) {
    if (!more) this.#waiting();
    try {
      const page = await getJson(address, { signal: this.signal() });
      this.#show({ layer, page, more });
    } catch (error) {
      if (isAbort(error)) return;
      this.shown = null;
      fill(
        this.foot,
        errorBox(error, () => this.refresh()),
      );
      if (!more) fill(this.list);
    }
  }

  #waiting() {
    this.head.textContent = t("loading");
    if (!this.list.children.length) fill(this.list, Array.from({ length: 5 }, skeleton));
    this.list.classList.add("stale");
  }

  #show({ layer, page, more }) {
    const cards = page.features.map((feature) => this.#card(layer, feature));
    this.list.classList.remove("stale");
    if (more) this.list.append(...cards);
    else fill(this.list, cards);
    if (!this.list.children.length) return this.#empty(this.#reason(layer), layer);
    this.head.textContent = this.#headText(layer, page);
    fill(this.foot, this.#moreButton(layer, page), this.#pageLink(layer));
    if (more) cards[0]?.querySelector("button").focus();
  }

  #headText(layer, { numberMatched }) {
    const shown = full(this.list.children.length, language());
    const where = t(this.area ? "list.here" : "list.inview");
    if (numberMatched === undefined || numberMatched === null) return `${shown} ${layer.noun} ${where}`;
    return `${t("list.of", { shown, all: full(numberMatched, language()) })} ${layer.noun} ${where}`;
  }

  #moreButton(layer, page) {
    const next = page.links?.find((link) => link.rel === "next");
    if (!next) return null;
    const { pathname, search } = new URL(next.href, location.href);
    const load = () => this.#load({ layer, address: pathname + search, more: true });
    return el("button", { type: "button", class: "button", on: { click: load } }, t("list.more"));
  }

  #pageLink(layer) {
    const query = queryOf(this.store.state, layer.id);
    const language_ = language() === "en" ? ["lang=en"] : [];
    const search = [query, ...language_].filter(Boolean).join("&");
    return el("a", { class: "link", href: layer.links.list + (search ? `?${search}` : "") }, t("list.page"));
  }

  /** Why the list of a layer is empty: nothing in view, or nothing at all. */
  #reason(layer) {
    const { layer: counted, matched, loading } = this.results.state;
    return t(counted === layer && matched === 0 && !loading ? "list.none" : "list.empty");
  }

  // The number for the country may come after the list.
  #explain() {
    const text = this.foot.querySelector(".empty p");
    const layer = this.catalogue.layer(this.view.state.chosen);
    if (text && layer) text.textContent = this.#reason(layer);
  }

  #empty(text, layer = null) {
    this.head.textContent = "";
    fill(this.list);
    fill(
      this.foot,
      el(
        "div",
        { class: "empty" },
        icon("empty", "icon empty-icon"),
        el("p", {}, text),
        layer ? this.#pageLink(layer) : null,
      ),
    );
  }

  #card(layer, feature) {
    const lines = cardLines(layer, feature.properties);
    const open = () => this.pick(layer.id, feature.id);
    return el(
      "li",
      { class: "card" },
      el(
        "button",
        { type: "button", class: "card-title", "data-record": `${layer.id}/${feature.id}`, on: { click: open } },
        lines.title,
      ),
      lines.place ? el("p", { class: "card-place" }, lines.place) : null,
      lines.code ? badge(lines.code) : null,
      lines.rest.map((text) => el("p", { class: "card-line" }, text)),
    );
  }
}

/** What a card says of a feature, by the declared fields alone: {title, place, code, rest: [text]}. */
export function cardLines(layer, properties) {
  const heading = layer.heading ?? "name";
  const fields = layer.fields.filter(
    (field) => field.list && ![heading, `${heading}_en`, layer.style.class].includes(field.name),
  );
  const address = properties.address || placeText(properties);
  const rest = fields
    .filter((field) => !SAID.has(field.name))
    .map((field) => [field, shownValue(field, properties)])
    .filter(([, value]) => value)
    .slice(0, 3);
  return {
    title: (language() === "en" && properties[`${heading}_en`]) || shownValue({ name: heading }, properties) || `${layer.title} ${properties.id ?? ""}`.trim(),
    place:
      properties.geom_accuracy === "commune_centroid" && address
        ? `${address} (${t("map.communeOnly").toLowerCase()})`
        : address,
    code: codeOf(layer, properties),
    rest: rest.map(([field, value]) => `${field.title}: ${value}`),
  };
}

function placeText(properties) {
  return [properties.commune_label, properties.province_label].filter(Boolean).join(", ");
}

function shownValue(field, properties) {
  const value = properties[`${field.name}_label`] ?? properties[field.name];
  if (value === null || value === undefined || value === "") return "";
  if (Array.isArray(value)) return value.slice(0, 3).join(", ") + (value.length > 3 ? "…" : "");
  if (field.kind === "date") return date(value);
  if (field.kind === "flag") return t(value ? "yes" : "no");
  return typeof value === "number" ? full(value, language()) : String(value);
}

function codeOf(layer, properties) {
  const value = properties[layer.style.class];
  if (!value) return null;
  const known = classesOf(layer).find((code) => code.code === value);
  const label = properties[`${layer.style.class}_label`] ?? known?.label ?? filterOf(layer, layer.style.class)?.title;
  return known ? { ...known, label } : { label, colour: "unknown", symbol: "" };
}

function skeleton() {
  return el("li", { class: "card skeleton", "aria-hidden": "true" }, el("span", {}), el("span", {}), el("span", {}));
}
