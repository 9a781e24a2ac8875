// The head of the panel: the number of results, the chips of what is filtered, and the way out of all filters.

import { filterOf } from "./catalogue.js";
import { el, fill, icon } from "./dom.js";
import { langOf, language, t } from "./i18n.js";
import { datesText } from "./dates.js";
import { date, full } from "./numbers.js";
import { filtersOf, valuesOf, withFilter, withoutFilters } from "./state.js";

/** `drawn` is a store {cuts}: of which layers a part of the view is not drawn (cut.js). */
export function wireSummary({ element, catalogue, store, view, results, drawn, announce }) {
  const page = { catalogue, store, view, results, drawn };
  const parts = () => [head(results.state, store), failure(results), chooser(page), chips(page), reach(page), cuts(page)];
  const render = () => fill(element, ...parts());
  results.watch((state, before) => {
    render();
    // The list, where it is open, says more when it has come: an action is told once.
    const told = view.state.tab === "list";
    if (!told && !state.loading && before.loading && state.layer && !state.error) announce(countText(state));
  });
  store.watch(render);
  view.watch(render);
  drawn.watch((state, before) => {
    if (JSON.stringify(state) === JSON.stringify(before)) return;
    render();
    if (Object.keys(state.cuts).length > Object.keys(before.cuts).length) announce(cutTexts(page).join(" "));
  });
  render();
}

function countText({ matched, layer }) {
  return matched === null ? t("count.unknown") : `${full(matched, language())} ${layer.noun}`;
}

function head({ matched, layer, loading, error }, store) {
  if (!layer) return el("p", { class: "count" }, loading ? t("loading") : t("count.nolayer"));
  const number = matched === null ? (error || !loading ? "–" : "…") : full(matched, language());
  const filtered = filtersOf(store.state, layer.id).length > 0;
  const clear = el(
    "button",
    {
      type: "button",
      class: "link clear",
      disabled: !filtered,
      on: { click: () => store.set(withoutFilters({ ...store.state, on: null }, layer.id), "filters") },
    },
    t("filters.clear"),
  );
  const text = el("p", { class: "count", "aria-busy": String(loading) }, el("strong", {}, number), " ", layer.noun);
  return el("div", { class: "summary-head" }, text, clear);
}

function failure(results) {
  if (!results.state.error) return null;
  const again = el("button", { type: "button", class: "link", on: { click: () => results.ask() } }, t("error.again"));
  return el("p", { class: "hint" }, t("error.title"), ". ", again);
}

/** Which of several layers the numbers and filters are about. */
function chooser({ catalogue, store, view }) {
  const shown = catalogue.known(store.state.layers);
  if (shown.length < 2 || view.state.tab === "layers") return null;
  const options = shown.map((layer) => el("option", { value: layer.id }, layer.title));
  const select = el(
    "select",
    {
      class: "chooser",
      "aria-label": t("filters.layer"),
      on: { change: (event) => view.update({ chosen: event.target.value }) },
    },
    options,
  );
  select.value = view.state.chosen;
  return select;
}

function chips({ catalogue, store, view, results }) {
  const layer = catalogue.layer(view.state.chosen);
  if (!layer) return null;
  const filters = filtersOf(store.state, layer.id);
  const items = filters.flatMap(([name, values]) =>
    chipsOf({ layer, name, values, store, results, day: catalogue.day }),
  );
  if (!items.length) return null;
  return el(
    "ul",
    { class: "chips", "aria-label": t("filters.active") },
    items.map((item) => el("li", {}, item)),
  );
}

/** Which of several layers a filter is about: the others stay on the map as they are. */
function reach({ catalogue, store, view }) {
  const layer = catalogue.layer(view.state.chosen);
  const others = catalogue.known(store.state.layers).filter((other) => other !== layer);
  const own = Object.keys(store.state.filters[layer?.id] ?? {});
  if (!others.length || !own.length) return null;
  const filters = own.map((name) => filterOf(layer, name)?.title ?? name).join(", ");
  const names = others.map((other) => other.title).join("; ");
  return el("p", { class: "hint" }, t("filters.reach", { filters, layer: layer.title, others: names }));
}

/** What the map does not draw here, politely: the numbers above are of everything. */
function cuts(page) {
  return cutTexts(page).map((text) => el("p", { class: "hint" }, text));
}

function cutTexts({ catalogue, drawn }) {
  return Object.entries(drawn.state.cuts).map(([id, { shown, total, atLeast }]) => {
    const [some, all] = [full(shown, language()), full(total, language())];
    const values = { shown: some, total: all, noun: catalogue.layer(id).noun };
    return atLeast ? t("cut.atLeast", values) : t("cut.exact", values);
  });
}

function chipsOf({ layer, name, values, store, results, day }) {
  return values.map((value) => {
    const label = valueLabel({ layer, name, value, results, day });
    const remove = () => store.set(without(store.state, layer.id, name, value), "filters");
    return el(
      "button",
      { type: "button", class: "chip", "aria-label": t("filters.remove", { label }), on: { click: remove } },
      el("span", { lang: langOf(label) }, label),
      icon("close", "icon chip-close"),
    );
  });
}

function without(state, layer, name, value) {
  if (name === "on") return { ...state, on: null };
  return withFilter(
    state,
    layer,
    name,
    valuesOf(state, layer, name).filter((other) => other !== value),
  );
}

function valueLabel({ layer, name, value, results, day }) {
  const filter = filterOf(layer, name);
  if (name === "on") return t("chip.on", { day: date(value) });
  if (name === "bbox") return t("chip.bbox");
  if (name === "filter") return t("chip.filter");
  if (name === "within") return t("chip.within");
  if (filter?.kind === "competence") return t("chip.competence", { text: value });
  if (name === "q") return `“${value}”`;
  if (filter?.kind === "dates") return `${filter.title}: ${datesText(value, day)}`;
  if (filter?.kind === "flag") return value === "false" ? t("chip.not", { title: filter.title }) : filter.title;
  return codeLabel(filter, name, value, results);
}

function codeLabel(filter, name, value, results) {
  const known = filter?.codes?.find((code) => code.code === value);
  const counted = results.state.facets?.[name]?.find((option) => option.code === value);
  return known?.label ?? counted?.label ?? value;
}
