// How many rows in view each value of each filter has: from the tiles that are here where they can tell, else asked for.

import { bboxText, isInside } from "./geometry.js";
import { debounced, getJson, isAbort, latest } from "./request.js";
import { askable } from "./results.js";
import { queryOf } from "./state.js";
import { Store } from "./store.js";

const WAIT_MS = 300;
const TOO_COSTLY = 422;
/** The whole country is in view, or nobody looks: the counts of the country are all there is. */
const NONE = { layer: null, facets: null, loading: false, failed: false };

export class ViewCounts extends Store {
  /**
   * A store {layer, facets, loading, failed} for whoever has the filters open; `facets` is {filter: {code: rows}}.
   * `bounds()` is the bbox in view, null without a map; `held(layer, bbox)` what the tiles tell of it, in the same form.
   */
  constructor({ catalogue, store, view, bounds, held }) {
    super(NONE);
    Object.assign(this, { catalogue, store, view, bounds, held, tooCostly: null });
    this.signal = latest();
    this.later = debounced(() => this.#ask(), WAIT_MS);
    store.watch(() => this.refresh());
    view.watch(() => this.refresh());
  }

  /** The map was moved, or something was chosen: other counts are wanted, if anybody looks. */
  refresh() {
    const question = this.#question();
    if (question === this.asked) return;
    this.asked = question;
    this.signal();
    if (!question) return this.set(NONE);
    const layer = this.catalogue.layer(this.view.state.chosen);
    this.set({ ...(this.state.layer === layer ? this.state : NONE), layer, loading: true });
    this.later();
  }

  /** The data are others than before. */
  renew() {
    this.asked = null;
    this.refresh();
  }

  /** What is asked, as the query of its address; empty where the counts of the country will do. */
  #question() {
    const { tab, chosen } = this.view.state;
    const bbox = this.bounds();
    const layer = this.catalogue.layer(chosen);
    if (tab !== "filters" || !layer || !bbox || isInside(this.catalogue.country, bbox)) return "";
    // A box that was asked for is no view: the two cannot be asked together.
    if (this.store.state.shared.bbox) return "";
    return [chosen, `bbox=${bboxText(bbox)}`, queryOf(this.store.state, chosen)].filter(Boolean).join("&");
  }

  async #ask() {
    if (!this.asked) return;
    const layer = this.catalogue.layer(this.view.state.chosen);
    const bbox = this.bounds();
    const held = this.held(layer, bbox);
    const missing = askable(layer, this.store.state).filter((name) => !(name in held));
    try {
      const counted = missing.length ? await this.#counted(layer, missing, bbox) : {};
      this.set({ layer, facets: { ...held, ...counted }, loading: false, failed: false });
    } catch (error) {
      if (!isAbort(error)) this.set({ layer, facets: held, loading: false, failed: true });
    }
  }

  /** The server's counts of some filters, {filter: {code: rows}}. Throws RequestError, or AbortError. */
  async #counted(layer, names, bbox) {
    const query = queryOf(this.store.state, layer.id);
    const address = `${layer.links.facets}?only=${names.join()}${query ? `&${query}` : ""}`;
    const facets = await this.#answer(address, bbox);
    const byCode = (options) => Object.fromEntries(options.map(({ code, count }) => [code, count]));
    return Object.fromEntries(Object.entries(facets).map(([name, options]) => [name, byCode(options)]));
  }

  // What was too costly for a view is not asked of one that holds it.
  async #answer(address, bbox) {
    const refused = this.tooCostly;
    if (refused?.address === address && isInside(refused.bbox, bbox)) throw refused.error;
    try {
      return (await getJson(`${address}&bbox=${bboxText(bbox)}`, { signal: this.signal() })).facets;
    } catch (error) {
      if (error.status === TOO_COSTLY) this.tooCostly = { address, bbox, error };
      throw error;
    }
  }
}
