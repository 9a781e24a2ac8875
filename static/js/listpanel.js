// The tab of the list: the rows in view as cards, the twin of what the map shows.

import { classesOf, filterOf, isPoint } from "./catalogue.js";
import { directions } from "./directions.js";
import { el, fill, icon } from "./dom.js";
import { bboxText } from "./geometry.js";
import { inItsLanguage, language, t } from "./i18n.js";
import { badge } from "./mark.js";
import { date, distance, full } from "./numbers.js";
import { getJson, isAbort, latest } from "./request.js";
import { queryOf, valuesOf } from "./state.js";
import { errorBox } from "./errorbox.js";
import { spokenCount, spokenList } from "./spokenlist.js";
import { nearestOf } from "./ways.js";

const PAGE = 20;
// Said in the line of the address, or only where they matter.
const SAID = new Set(["address", "province", "commune", "geom_accuracy"]);

export class ListPanel {
  /** `results` knows how many match in the country, `bounds()` the bbox in view, `from()` where distances begin,
   *  `isNear()` whether one looks closely enough for them; `pick(layer, id)` opens a record, `announce(text)` speaks. */
  constructor({ element, catalogue, store, view, results, here, bounds, from, isNear, pick, announce, notice }) {
    Object.assign(this, { element, catalogue, store, view, results, here, bounds, from, isNear, pick, announce, notice });
    Object.assign(this, { area: null, nearest: false });
    this.signal = latest();
    this.head = el("p", { class: "list-head" });
    this.near = el("button", { type: "button", class: "chip", "aria-pressed": "false" }, t("list.nearest"));
    this.near.addEventListener("click", () => this.#toggleNearest());
    this.tools = el("div", { class: "list-tools" }, this.near);
    this.list = el("ul", { class: "cards" });
    this.foot = el("div", { class: "list-foot" });
    fill(element, this.tools, this.head, this.list, this.foot);
    store.watch(() => this.refresh());
    here.watch(() => this.refresh());
    results.watch(() => this.#explain());
    view.watch((now, before) => {
      if (now.tab !== "list" && before.tab === "list") this.area = null;
      this.refresh();
    });
    this.refresh();
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
    this.#showTools(Boolean(layer) && isPoint(layer) && !(this.#able(layer) && this.here.state.position));
    if (!layer) {
      this.signal();
      this.shown = null;
      return this.#empty(t("list.nolayer"));
    }
    const address = this.#address(layer);
    if (address === this.shown) return;
    this.shown = address;
    this.#load({ layer, address, more: false });
  }

  /** The button that was pressed may go with them: the focus stays in the panel. */
  #showTools(shown) {
    if (!shown && this.tools.contains(document.activeElement)) this.element.focus();
    this.tools.hidden = !shown;
  }

  /** Whether it is asked who can do a thing now: then places are ranked and say by which line they may. */
  #able(layer) {
    const asked = (name) => valuesOf(this.store.state, layer.id, name);
    return asked("competence").length > 0 && asked("status").join() === "active";
  }

  /** The nearest to the reader first, from now on. */
  showNearest() {
    this.nearest = true;
    this.near.setAttribute("aria-pressed", "true");
    this.refresh();
  }

  async #toggleNearest() {
    if (!this.nearest && !this.here.state.position) {
      this.announce(t("locate.asking"));
      await this.here.locate().catch((error) => this.notice.say(t(error.message)));
    }
    this.nearest = !this.nearest && Boolean(this.here.state.position);
    this.near.setAttribute("aria-pressed", String(this.nearest));
    this.refresh();
  }

  #nearAddress(layer) {
    const query = queryOf(this.store.state, layer.id);
    const mine = this.here.state.position;
    const base = this.#able(layer) ? "/api/v1/find/?" : `${layer.links.items}nearest/?`;
    // The middle of half the country is no place that anybody means.
    const [lon, lat] = mine ?? (this.isNear() || !this.#able(layer) ? this.from() : []);
    const where = lon === undefined ? "" : `lon=${lon.toFixed(5)}&lat=${lat.toFixed(5)}&`;
    const view = this.#able(layer) && !mine && where ? "viewpoint=true&" : "";
    return `${base}${view}${where}limit=${PAGE}&lang=${language()}${query ? `&${query}` : ""}`;
  }

  #address(layer) {
    if (this.#able(layer) || (this.nearest && isPoint(layer))) return this.#nearAddress(layer);
    const query = queryOf(this.store.state, layer.id);
    const own = this.store.state.shared.bbox ? "" : `bbox=${bboxText(this.area ?? this.bounds())}&`;
    return `${layer.links.items}?${own}limit=${PAGE}&lang=${language()}${query ? `&${query}` : ""}`;
  }

  async #load({ layer, address, more }) {
    if (!more) this.#waiting();
    try {
      const page = this.#counted(layer, asPage(await getJson(address, { signal: this.signal() })));
      this.#show({ layer, page, more });
    } catch (error) {
      if (isAbort(error)) return;
      const again = more ? () => this.#load({ layer, address, more }) : () => this.refresh();
      fill(this.foot, errorBox(error, again));
      if (more) return;
      this.shown = null;
      this.head.textContent = "";
      fill(this.list);
    }
  }

  /** The nearest come without the number of all: the one that is known of the layer, or null. */
  #counted(layer, page) {
    const { layer: counted, matched, loading } = this.results.state;
    if (!page.nearest || page.numberMatched !== undefined) return page;
    return { ...page, numberMatched: counted === layer && !loading ? matched : null };
  }

  #waiting() {
    this.head.textContent = t("loading");
    if (!this.list.children.length) fill(this.list, Array.from({ length: 5 }, skeleton));
    this.list.classList.add("stale");
  }

  #show({ layer, page, more }) {
    const cards = this.#cards(layer, page.features);
    this.list.classList.remove("stale");
    if (more) this.list.append(...cards);
    else fill(this.list, cards);
    if (!this.list.children.length) {
      this.announce(this.#reason(layer));
      return this.#empty(this.#reason(layer), layer);
    }
    this.head.textContent = this.#headText(layer, page);
    fill(this.foot, this.#moreButton(layer, page), this.#pageLink(layer));
    if (more) cards[0]?.querySelector("button").focus();
    else this.announce(this.#spoken(layer, page));
  }

  /** How many, and the nearest: told of a list that is cut only where the nearest come first. */
  #spoken(layer, { features, numberMatched, nearest }) {
    if (nearest && numberMatched === null) return this.head.textContent;
    const points = features.map(pointOf).filter(Boolean);
    const from = this.here.state.position ?? (this.isNear() ? this.from() : null);
    const known = from && (nearest || numberMatched === features.length);
    const where = nearest ? "" : t(this.area ? "list.here" : "list.inview");
    const head = spokenCount(numberMatched, layer.noun, where);
    return spokenList(head, known ? nearestOf(points, from) : null);
  }

  /** How many rows are shown; headings between them are none. */
  #count() {
    return this.list.querySelectorAll(".card").length;
  }

  #headText(layer, { numberMatched, nearest }) {
    const shown = full(this.#count(), language());
    if (nearest) return this.#nearText(shown, numberMatched);
    const where = t(this.area ? "list.here" : "list.inview");
    if (numberMatched === undefined || numberMatched === null) return `${shown} ${layer.noun} ${where}`;
    return `${t("list.of", { shown, all: full(numberMatched, language()) })} ${layer.noun} ${where}`;
  }

  /** How many places, from where they are measured, and that the line is as the crow flies. */
  #nearText(shown, matched) {
    const number = matched > this.#count() ? t("list.of", { shown, all: full(matched, language()) }) : shown;
    const measured = this.list.querySelector(".card-near strong");
    if (!measured) return t("list.nowhere", { number });
    return t(this.here.state.position ? "list.nearHere" : "list.nearCentre", { number });
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

  /** The cards; where some come to the reader, they and those who are nearest stand under headings. Of several things
   *  to be done those who can do most come first, so headings of distance would not be true. */
  #cards(layer, features) {
    const several = valuesOf(this.store.state, layer.id, "competence").some((text) => text.includes(";"));
    const grouped = !several && features.some(({ properties }) => properties.comes_first);
    return features.flatMap((feature, at) => {
      const card = this.#card(this.catalogue.layer(feature.layer) ?? layer, feature);
      const comes = feature.properties.comes_first;
      if (!grouped || (at && comes === features[at - 1].properties.comes_first)) return [card];
      return [el("li", { class: "card-group" }, el("p", {}, t(comes ? "list.comesFirst" : "list.thenNearest"))), card];
    });
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
        inItsLanguage(lines.title),
      ),
      near(feature.properties),
      lines.place ? el("p", { class: "card-place" }, lines.place.map(inItsLanguage)) : null,
      lines.code ? badge(lines.code) : null,
      lines.rest.map((texts) => el("p", { class: "card-line" }, texts.map(inItsLanguage))),
      (feature.properties.lines ?? []).map(evidence),
      feature.properties.directions
        ? el("div", { class: "card-way" }, directions(feature.properties.point, { name: lines.title }))
        : null,
    );
  }
}

/** A page of features, whichever service answered. */
function asPage(answer) {
  if (!answer.places) return { ...answer, nearest: answer.features.some(({ properties }) => "distance_m" in properties) };
  const features = answer.places.map((place) => ({ id: place.id, layer: place.layer, properties: place }));
  return { features, numberMatched: answer.numberMatched, nearest: true };
}

/** [lon, lat] of a feature, whichever service answered; null of what is no point. */
function pointOf({ geometry, properties }) {
  return properties.point ?? (geometry?.type === "Point" ? geometry.coordinates : null);
}

/** How far a place is and whether it comes to the device; null where neither is known. */
function near({ distance_m, comes_to_you, on_site_service }) {
  if (distance_m === undefined || distance_m === null) return null;
  const comes = comes_to_you ? "list.comes" : on_site_service ? "list.onSite" : null;
  return el(
    "p",
    { class: "card-near" },
    el("strong", {}, distance(distance_m, language())),
    comes ? el("span", { class: comes_to_you ? "comes" : "comes elsewhere" }, t(comes)) : null,
  );
}

/** By which line a place may do what was asked. */
function evidence({ kind_label, number, valid_until, says, range }) {
  const until = valid_until ? t("list.until", { day: date(valid_until) }) : "";
  const said = [says, range].filter(Boolean).join(", ");
  return el("p", { class: "card-line" }, el("strong", {}, `${kind_label} ${number}`), until, inItsLanguage(` · ${said}`));
}

/** What a card says of a feature, by the declared fields alone: {title, place: [text], code, rest: [[text]]}. */
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
    place: address ? [address, properties.geom_accuracy === "commune_centroid" ? ` (${t("map.communeOnly").toLowerCase()})` : ""] : null,
    code: codeOf(layer, properties),
    rest: rest.map(([field, value]) => [`${field.title}: `, value]),
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
