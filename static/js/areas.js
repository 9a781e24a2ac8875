// Layers of polygons: drawn by the map from their tiles, here only shown, hidden and filtered.

import { isPoint } from "./catalogue.js";
import { queryOf } from "./state.js";

export class Areas {
  constructor({ map, catalogue, store }) {
    Object.assign(this, { map, catalogue, store });
    store.watch((state, before) => {
      for (const layer of this.#areas()) this.#follow(layer, state, before);
    });
  }

  /** Applies the state to a style that was just loaded. */
  install() {
    for (const layer of this.#areas()) this.#follow(layer, this.store.state, null);
  }

  /** The style layers that can be pointed at. */
  get drawnLayers() {
    return this.#areas()
      .filter((layer) => this.store.state.layers.includes(layer.id))
      .map((layer) => `areas-${layer.id}`);
  }

  #areas() {
    return this.catalogue.layers.filter((layer) => !isPoint(layer));
  }

  #follow(layer, state, before) {
    const visibility = state.layers.includes(layer.id) ? "visible" : "none";
    for (const part of ["areas", "edges"]) this.map.setLayoutProperty(`${part}-${layer.id}`, "visibility", visibility);
    const query = queryOf(state, layer.id);
    if (before ? query !== queryOf(before, layer.id) : query) this.#ask(layer, query);
  }

  #ask(layer, query) {
    const address = new URL(layer.links.tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");
    this.map.getSource(layer.id).setTiles([query ? `${address}?${query}` : address]);
  }
}
