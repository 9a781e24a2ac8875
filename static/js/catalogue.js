// The layers as /layers.json describes them, with the few look-ups that everything else needs.

import { getJson } from "./request.js";

/** The catalogue in a language. Throws RequestError. */
export async function loadCatalogue(language) {
  return new Catalogue(await getJson(`/layers.json?lang=${language}`));
}

export class Catalogue {
  constructor(description) {
    Object.assign(this, description, { layers: ordered(description.layers) });
    this.byId = new Map(this.layers.map((layer) => [layer.id, layer]));
  }

  /** The layer of that id, or undefined. */
  layer(id) {
    return this.byId.get(id);
  }

  /** The ids of the layers shown at a first visit. */
  get defaults() {
    return this.layers.filter((layer) => layer.default).map((layer) => layer.id);
  }

  /** The layers of these ids that exist, in the order of the catalogue. */
  known(ids) {
    return this.layers.filter((layer) => ids.includes(layer.id));
  }
}

/** Layers of a first visit first, then other points, then areas; among equals as they were declared. */
function ordered(layers) {
  const rank = (layer) => (layer.default ? 0 : isPoint(layer) ? 1 : 2);
  return [...layers].sort((a, b) => rank(a) - rank(b));
}

/** The codes of the field that colours a layer: [{code, label, colour, symbol}], empty when it has none. */
export function classesOf(layer) {
  const field = layer.fields.find(({ name }) => name === layer.style.class);
  return (field?.codes ?? []).filter((code) => code.colour);
}

/** The code a feature of the layer has for its class, or undefined. */
export function classOf(layer, properties) {
  return classesOf(layer).find((code) => code.code === properties[layer.style.class]);
}

/** The colour token of a feature's mark: its status where the layer is coloured by status, else the layer's own. */
export function colourOf(layer, properties) {
  if (layer.style.colour !== "status") return layer.style.colour || "accent";
  return classOf(layer, properties)?.colour ?? "unknown";
}

/** Whether the layer is made of points. */
export function isPoint(layer) {
  return layer.geometry === "point";
}

/** The filter of that name, or undefined. */
export function filterOf(layer, name) {
  return layer.filters.find((filter) => filter.name === name);
}
