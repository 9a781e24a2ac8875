// How many rows match, and how many for each value of each filter: asked once for the layer that is being filtered. The
// values are counted once somebody looks at the filters; before, only those of the filters in use, which name chips.

import { filterOf } from "./catalogue.js";
import { language } from "./i18n.js";
import { debounced, getJson, isAbort, latest } from "./request.js";
import { filtersOf, queryOf, valuesOf } from "./state.js";
import { Store } from "./store.js";

const WAIT_MS = 150;

/** A store {layer, matched, facets, whole, loading, error} that follows the state and the chosen layer.
 *  `whole` says that the facets are those of the layer without any filter. */
export class Results extends Store {
  constructor({ catalogue, store, view }) {
    super({ layer: null, matched: null, facets: {}, loading: true, error: null });
    Object.assign(this, { catalogue, store, view, detailed: false });
    this.signal = latest();
    const later = debounced(() => this.ask(), WAIT_MS);
    store.watch(() => this.#isNews() && later());
    view.watch(() => this.#isNews() && later());
  }

  /** From now on the values of all filters are counted. */
  detail() {
    if (this.detailed) return;
    this.detailed = true;
    this.ask();
  }

  /** Asks now; the answer before stays in sight until this one is there. */
  async ask() {
    const layer = this.catalogue.layer(this.view.state.chosen);
    if (!layer) return this.set({ layer: null, matched: null, facets: {}, loading: false, error: null });
    this.asked = this.#question();
    const whole = !filtersOf(this.store.state, layer.id).length;
    const same = this.state.layer === layer;
    this.set({
      ...this.state,
      layer,
      matched: same ? this.state.matched : null,
      facets: same ? this.state.facets : {},
      loading: true,
    });
    try {
      const answer = await getJson(this.#address(layer), { signal: this.signal() });
      this.set({ layer, matched: answer.numberMatched ?? null, facets: answer.facets, whole, loading: false, error: null });
    } catch (error) {
      if (!isAbort(error)) this.set({ layer, matched: null, facets: {}, loading: false, error });
    }
  }

  #isNews() {
    return this.#question() !== this.asked;
  }

  #question() {
    const { chosen } = this.view.state;
    return `${chosen}?${queryOf(this.store.state, chosen)}`;
  }

  #address(layer) {
    const query = queryOf(this.store.state, layer.id);
    const own = `only=${this.#counted(layer).join()}&lang=${language()}`;
    return `${layer.links.facets}?${own}${query ? `&${query}` : ""}`;
  }

  #counted(layer) {
    const { state } = this.store;
    const names = askable(layer, state);
    if (this.detailed) return names;
    const used = names.filter((name) => name === layer.style.class || valuesOf(state, layer.id, name).length);
    return used.length ? used : names.slice(0, 1);
  }
}

/** The filters whose values can be counted and shown; communes only within a chosen province. */
export function askable(layer, state) {
  const listed = layer.filters.filter((filter) => filter.kind !== "dates" && (filter.codes || filter.kind === "flag"));
  const names = listed.map((filter) => filter.name);
  const province = valuesOf(state, layer.id, "province").length > 0;
  return province && filterOf(layer, "commune") ? [...names, "commune"] : names;
}
