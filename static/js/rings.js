// Draws the layers of points: tiles in, merged rings and single features out, as GeoJSON sources of the map.
//
// For each layer shown there is one source and two style layers, `rings-<layer>` and `points-<layer>`, so that what is
// drawn can be asked for with queryRenderedFeatures. Measured with 5,000 points in view, reading, merging and
// handing over takes about 30 ms; markers in the page's own elements took ten times that and cannot be asked for.

import { isPoint } from "./catalogue.js";
import { classCounts } from "./counts.js";
import { cutOf } from "./cut.js";
import { tilesCovering, worldSize } from "./geometry.js";
import { draw } from "./images.js";
import { divided } from "./inview.js";
import { labelBoxes } from "./labels.js";
import { merge, mergeZoom } from "./merge.js";
import { PointTiles } from "./pointtiles.js";
import { filterAppliedHere, recounted } from "./recount.js";
import { debounced, getBytes, getJson } from "./request.js";
import { collection } from "./ringfeatures.js";
import { separate } from "./separate.js";
import { filtersOf, queryOf, valuesOf } from "./state.js";
import { tileZoom } from "./tilezoom.js";
import { colour } from "./tokens.js";
import { Versions } from "./versions.js";

const EMPTY = { type: "FeatureCollection", features: [] };
// Rings near the edge of the view depend on their neighbours beyond it.
const MARGIN = 96;
const EXACT_FROM_ZOOM = 11;
// Farther away a step aside may lead into the sea or abroad.
const BOUNDED_BELOW_ZOOM = 9;
// A page that stays open shows a change within a minute.
const ASK_AGAIN_MS = 45_000;
const VERSIONS_WITHIN_MS = 4_000;
const RENEWED_TOGETHER_MS = 300;
const NUMBER_FONT = ["Be Vietnam Pro SemiBold", "Be Vietnam Pro"];

export class Rings {
  /**
   * `failed(error)` hears of tiles that could not be had, `cut(layers)` of what a view leaves undrawn ({layer: cut.js's
   * {shown, total, atLeast}}), `renewed()` of data that have changed since they were drawn.
   */
  constructor({ map, catalogue, store, failed, cut, renewed }) {
    Object.assign(this, { map, catalogue, store, failed, cut, renewed: debounced(renewed, RENEWED_TOGETHER_MS) });
    this.tiles = new Map();
    this.pictures = new Map();
    this.installed = false;
    map.setMissingStyleImageResolver((name) => this.#addImage(name));
    map.on("moveend", () => this.refresh());
    map.on("zoom", () => this.#remerge());
    map.on("idle", () => map.getContainer().toggleAttribute("data-complete", this.complete));
    store.watch((state, before) => this.#changed(state, before));
    const look = () => document.hidden || this.refresh();
    setInterval(look, ASK_AGAIN_MS);
    document.addEventListener("visibilitychange", look);
    this.refresh(); // Tiles are on their way while the map loads its style.
  }

  /** Puts sources and style layers in place, once the map has loaded; also after its style was changed. */
  install() {
    this.installed = true;
    for (const layer of this.catalogue.layers.filter(isPoint)) this.#installLayer(layer);
    this.mergedAt = null;
    this.refresh();
  }

  /** Loads what the view needs of every layer shown, and draws what is here. */
  refresh() {
    const shown = this.#shown();
    for (const [id] of this.pictures) if (!shown.some((layer) => layer.id === id)) this.pictures.delete(id);
    for (const layer of shown) this.#tilesOf(layer).want(this.#cover(layer));
    this.#schedule();
  }

  /** The style layers of all point layers, for asking what is drawn. */
  get drawnLayers() {
    return this.#shown().flatMap((layer) => [`rings-${layer.id}`, `points-${layer.id}`]);
  }

  /** Whether every tile of the view is drawn. */
  get complete() {
    return this.installed && !this.frame && this.#shown().every((layer) => this.#tilesOf(layer).complete);
  }

  /**
   * How many rows of a bbox each value of a layer's class filter has, under its other filters: {filter: {code: rows}}.
   * Empty where the tiles that are here do not tell exactly.
   */
  facetsIn(layer, bbox) {
    const filter = this.#filterHere(layer, this.#tilesOf(layer).wanted[0]?.tile.z);
    const parts = filter && this.#divided(layer, bbox, (items) => items);
    return parts && !parts.astride.length ? { [filter]: classCounts(parts.inside, layer.style.class) } : {};
  }

  /** Whether no row of the layers shown lies in a bbox; null as long as that is not known. */
  isEmpty(bbox) {
    const parts = this.#shown().map((layer) => this.#divided(layer, bbox, (items) => this.#chosen(layer, items)));
    if (this.frame || parts.includes(null)) return null;
    return parts.every(({ inside, astride }) => !inside.length && !astride.length);
  }

  /** The items of a layer in a bbox (inview.js), made ready by `ready`; null where they are not all here. */
  #divided(layer, bbox, ready) {
    const tiles = this.#tilesOf(layer);
    if (!tiles.wanted.length || !tiles.complete || cutOf(tiles.tiles)) return null;
    return divided(ready(tiles.items), bbox, tiles.wanted[0].tile.z);
  }

  #shown() {
    return this.catalogue.known(this.store.state.layers).filter(isPoint);
  }

  /** What the page applies itself is drawn anew from the tiles that are here; else other tiles are wanted. */
  #changed(state, before) {
    const news = this.#shown().filter((layer) => queryOf(state, layer.id) !== queryOf(before, layer.id));
    if (state.layers !== before.layers || news.some((layer) => !this.#tilesOf(layer).areTheSame)) this.refresh();
    else if (news.length) this.#schedule();
  }

  #tilesOf(layer) {
    if (!this.tiles.has(layer.id)) this.tiles.set(layer.id, this.#newTiles(layer));
    return this.tiles.get(layer.id);
  }

  #newTiles(layer) {
    return new PointTiles({
      layer: layer.id,
      weight: layer.style.weight,
      address: (tile) => this.#address(layer, tile),
      versions: new Versions({ ask: (blocks) => askVersions(layer, blocks) }),
      get: getBytes,
      changed: (error) => this.#arrived(error),
      renewed: this.renewed,
    });
  }

  #address(layer, { z, x, y }) {
    const { tiles, version_tiles: ofVersion } = layer.links;
    const query = this.#queryAt(layer, z);
    return (version) => {
      const template = version === null ? tiles : ofVersion.replace("{version}", version);
      const path = template.replace("{z}", z).replace("{x}", x).replace("{y}", y);
      return query ? `${path}?${query}` : path;
    };
  }

  /** The filters that tiles of that zoom are asked with: all but the one that the page applies itself. */
  #queryAt(layer, z) {
    return queryOf(this.store.state, layer.id, { without: this.#filterHere(layer, z) });
  }

  #filterHere(layer, z) {
    return filterAppliedHere(layer, filtersOf(this.store.state, layer.id), z);
  }

  #cover(layer) {
    const zoom = this.map.getZoom();
    const z = tileZoom(zoom, layer.zooms);
    return tilesCovering(this.map.getBounds().toArray().flat(), z, MARGIN * 2 ** (z - zoom));
  }

  #arrived(error) {
    if (error) this.failed(error);
    this.#schedule();
  }

  #remerge() {
    if (mergeZoom(this.map.getZoom()) !== this.mergedAt) this.#schedule();
  }

  // Several tiles often come in one frame: one picture is enough for them.
  #schedule() {
    if (this.frame || !this.installed) return;
    this.map.getContainer().removeAttribute("data-complete");
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const zoom = mergeZoom(this.map.getZoom());
    const layers = this.#shown();
    const pixels = worldSize(zoom);
    for (const layer of layers) this.#keepPicture(layer);
    const merged = layers.flatMap((layer) => this.#merged(layer, pixels));
    const labels = labelBoxes(this.map, pixels);
    const rings =
      layers.length > 1 || labels.length
        ? separate(merged, { pixels, labels, bounded: zoom < BOUNDED_BELOW_ZOOM, exact: zoom >= EXACT_FROM_ZOOM })
        : merged;
    this.mergedAt = zoom;
    this.cut(this.#cuts(layers));
    for (const layer of this.catalogue.layers.filter(isPoint)) {
      const own = rings.filter((ring) => ring.layer === layer.id);
      this.map.getSource(`rings-${layer.id}`)?.setData(collection(own, layer, { pixels, badge: layers.length > 1 }));
    }
  }

  /** The old picture stays until the new zoom or filter is complete; tiles of the same picture join it as they come. */
  #keepPicture(layer) {
    const tiles = this.#tilesOf(layer);
    const z = tiles.wanted[0]?.tile.z;
    const kind = `${z}?${this.#queryAt(layer, z)}`;
    const before = this.pictures.get(layer.id);
    if (!tiles.here && before && before.kind !== kind) return;
    this.pictures.set(layer.id, { kind, filter: this.#filterHere(layer, z), items: tiles.items });
  }

  #merged(layer, pixels) {
    const { items, filter } = this.pictures.get(layer.id);
    const rings = merge(this.#chosen(layer, items, filter), pixels);
    return rings.map((ring) => ({ ...ring, layer: layer.id }));
  }

  /** The items under the filter that the page applies itself. */
  #chosen(layer, items, filter = this.#filterHere(layer, this.#tilesOf(layer).wanted[0]?.tile.z)) {
    return recounted(items, layer.style.class, filter ? valuesOf(this.store.state, layer.id, filter) : []);
  }

  #cuts(layers) {
    const cuts = layers.map((layer) => [layer.id, cutOf(this.#tilesOf(layer).tiles)]);
    return Object.fromEntries(cuts.filter(([, cut]) => cut));
  }

  #addImage(name) {
    const drawing = draw(name);
    if (!drawing) return;
    const { image, ...options } = drawing;
    this.map.addImage(name, image, options);
  }

  #installLayer(layer) {
    const source = `rings-${layer.id}`;
    if (this.map.getSource(source)) return;
    this.map.addSource(source, { type: "geojson", data: EMPTY, maxzoom: 20, buffer: 64, tolerance: 0 });
    this.map.addLayer(pointLayer(layer, source), "base-label-archipelago");
    this.map.addLayer(ringLayer(layer, source), "base-label-archipelago");
  }
}

function pointLayer(layer, source) {
  return {
    id: `points-${layer.id}`,
    type: "symbol",
    source,
    filter: ["!", ["has", "number"]],
    layout: {
      "icon-image": ["get", "icon"],
      // Never so small that the sign inside cannot be read.
      "icon-size": ["interpolate", ["linear"], ["zoom"], 9, 0.85, 12, 1.05],
      "icon-allow-overlap": true,
      "icon-padding": 3,
    },
  };
}

function ringLayer(layer, source) {
  return {
    id: `rings-${layer.id}`,
    type: "symbol",
    source,
    filter: ["has", "number"],
    layout: {
      "icon-image": ["get", "icon"],
      "icon-allow-overlap": true,
      "icon-padding": 0,
      "text-field": ["get", "number"],
      "text-font": NUMBER_FONT,
      "text-size": ["get", "size"],
      "text-allow-overlap": true,
      "text-offset": ["case", ["get", "badged"], ["literal", [0, -0.1]], ["literal", [0, 0.05]]],
      "symbol-sort-key": ["-", ["get", "total"]],
    },
    paint: { "text-color": colour("ink") },
  };
}

/** {block: version} of a layer's tiles; none where the server keeps no versions of it. */
async function askVersions(layer, blocks) {
  if (!layer.links.versions) return {};
  const address = `${layer.links.versions}?blocks=${blocks.join()}`;
  return (await getJson(address, { signal: AbortSignal.timeout(VERSIONS_WITHIN_MS) })).blocks;
}
