// The tab of filters: one group for each filter that the chosen layer declares, with exact counts.

import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { DatesGroup, FlagGroup, OptionsGroup } from "./filtergroups.js";
import { valuesOf, withFilter } from "./state.js";
import { watchTheme } from "./theme.js";

export class FiltersPanel {
  constructor({ element, catalogue, store, view, results }) {
    Object.assign(this, { element, catalogue, store, view, results });
    this.layer = null;
    this.groups = [];
    results.watch(() => this.update());
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
    for (const group of this.groups)
      group.update(valuesOf(this.store.state, layer.id, group.filter.name), known[group.filter.name], whole);
  }

  #build(layer) {
    this.layer = layer;
    this.groups = layer
      ? inOrder(layer)
          .map((filter) => this.#group(layer, filter))
          .filter(Boolean)
      : [];
    const empty = el("p", { class: "hint" }, t(layer ? "filters.nothing" : "filters.nolayer"));
    fill(this.element, this.groups.length ? this.groups.map((group) => group.element) : empty);
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
