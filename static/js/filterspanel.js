// The tab of filters: one group for each filter that the chosen layer declares, with exact counts of the view and the country.

import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { DatesGroup, FlagGroup, OptionsGroup } from "./filtergroups.js";
import { valuesOf, withFilter } from "./state.js";
import { watchTheme } from "./theme.js";

export class FiltersPanel {
  constructor({ element, catalogue, store, view, results, viewCounts }) {
    Object.assign(this, { element, catalogue, store, view, results, viewCounts });
    this.layer = null;
    this.groups = [];
    this.head = el("p", { class: "counts-head", hidden: true });
    results.watch(() => this.update());
    viewCounts.watch(() => this.update());
    store.watch(() => this.update());
    view.watch(() => this.update());
    watchTheme(() => this.#redraw());
    this.update();
  }

  // The marks are pictures in the colours of the theme they were drawn in.
  #redraw() {
    this.layer = null;
    this.update();
  }

  /** Shows the chosen layer's groups with the values and counts of now; focus stays where it is. */
  update() {
    const layer = this.catalogue.layer(this.view.state.chosen) ?? null;
    if (layer !== this.layer) this.#build(layer);
    const { facets, layer: counted, error, whole } = this.results.state;
    const known = counted === layer && !error ? facets : {};
    const seen = this.#seen(layer);
    for (const group of this.groups) {
      const { name } = group.filter;
      const counts = { whole, seen: seen?.[name] ?? null };
      group.update(valuesOf(this.store.state, layer.id, name), known[name], counts);
    }
  }

  /** The counts of what is in view, {filter: {code: rows}}, with a line above that says which number is which. */
  #seen(layer) {
    const { layer: counted, facets, loading, failed } = this.viewCounts.state;
    const own = counted === layer;
    const seen = own ? facets : null;
    this.head.textContent = failed ? t("counts.unseen") : t("counts.both");
    this.head.hidden = !own || !(seen || loading || failed);
    this.element.setAttribute("aria-busy", String(own && loading));
    return seen;
  }

  #build(layer) {
    this.layer = layer;
    this.groups = layer
      ? inOrder(layer)
          .map((filter) => this.#group(layer, filter))
          .filter(Boolean)
      : [];
    const empty = el("p", { class: "hint" }, t(layer ? "filters.nothing" : "filters.nolayer"));
    fill(this.element, this.groups.length ? [this.head, ...this.groups.map((group) => group.element)] : empty);
  }

  #group(layer, filter) {
    const change = (values) => this.store.set(withFilter(this.store.state, layer.id, filter.name, values), "filters");
    if (filter.kind === "dates") return new DatesGroup({ filter, change, day: this.catalogue.day });
    if (filter.kind === "flag") return new FlagGroup({ filter, change });
    return ["code", "codes"].includes(filter.kind) ? new OptionsGroup({ filter, change }) : null;
  }
}

/** The filter that colours the map first, the others as they are declared. */
function inOrder({ filters, style }) {
  const isClass = ({ name }) => name === style.class;
  return [...filters.filter(isClass), ...filters.filter((filter) => !isClass(filter))];
}
