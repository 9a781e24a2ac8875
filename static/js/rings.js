// Draws the layers of points: tiles in, merged rings and single features out, as GeoJSON sources of the map.
//
// For each layer shown there is one source and two style layers, `rings-<layer>` and `points-<layer>`, so that what is
// drawn can be asked for with queryRenderedFeatures. Measured with 5,000 points in view, reading, merging and
// handing over takes about 30 ms; markers in the page's own elements took ten times that and cannot be asked for.

import { classesOf, classOf, colourOf, isPoint } from "./catalogue.js";
import { byColour, classCounts, shares, STEPS, total, withRest } from "./counts.js";
import { boundsOf, latitude, longitude, tilesCovering, worldSize } from "./geometry.js";
import { draw, markName, ringName } from "./images.js";
import { language } from "./i18n.js";
import { labelBoxes } from "./labels.js";
import { merge, mergeZoom } from "./merge.js";
import { ring as ringNumber } from "./numbers.js";
import { PointTiles } from "./pointtiles.js";
import { separate } from "./separate.js";
import { queryOf } from "./state.js";
import { colour, sharedColour } from "./tokens.js";

const EMPTY = { type: "FeatureCollection", features: [] };
// Rings near the edge of the view depend on their neighbours beyond it.
const MARGIN = 96;
const EXACT_FROM_ZOOM = 11;
// Farther away a step aside may lead into the sea or abroad.
const BOUNDED_BELOW_ZOOM = 9;
const NUMBER_FONT = ["Be Vietnam Pro SemiBold", "Be Vietnam Pro"];

export class Rings {
  /** `failed(error)` hears of tiles that could not be had. */
  constructor({ map, catalogue, store, failed }) {
    Object.assign(this, { map, catalogue, store, failed });
    this.tiles = new Map();
    this.pictures = new Map();
    map.setMissingStyleImageResolver((name) => this.#addImage(name));
    map.on("moveend", () => this.refresh());
    map.on("zoom", () => this.#remerge());
    map.on("idle", () => map.getContainer().toggleAttribute("data-complete", this.complete));
    store.watch((state, before) => this.#changed(state, before));
  }

  /** Puts sources and style layers in place; also after the style was changed. */
  install() {
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
    return !this.frame && this.#shown().every((layer) => this.#tilesOf(layer).complete);
  }

  #shown() {
    return this.catalogue.known(this.store.state.layers).filter(isPoint);
  }

  #changed(state, before) {
    if (
      state.layers !== before.layers ||
      this.#shown().some((layer) => queryOf(state, layer.id) !== queryOf(before, layer.id))
    ) {
      this.refresh();
    }
  }

  #tilesOf(layer) {
    if (!this.tiles.has(layer.id)) {
      const address = (tile) => this.#address(layer, tile);
      const changed = (error) => this.#arrived(error);
      this.tiles.set(layer.id, new PointTiles({ layer: layer.id, weight: layer.style.weight, address, changed }));
    }
    return this.tiles.get(layer.id);
  }

  #address(layer, { z, x, y }) {
    const query = queryOf(this.store.state, layer.id);
    const path = layer.links.tiles.replace("{z}", z).replace("{x}", x).replace("{y}", y);
    return query ? `${path}?${query}` : path;
  }

  #cover(layer) {
    const [least, most] = layer.zooms;
    const z = Math.max(least, Math.min(most, Math.floor(this.map.getZoom())));
    return tilesCovering(this.map.getBounds().toArray().flat(), z, MARGIN * 2 ** (z - this.map.getZoom()));
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
    if (this.frame) return;
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
    for (const layer of this.catalogue.layers.filter(isPoint)) {
      const own = rings.filter((ring) => ring.layer === layer.id);
      this.map.getSource(`rings-${layer.id}`)?.setData(collection(own, layer, { pixels, badge: layers.length > 1 }));
    }
  }

  /** The old picture stays until the new zoom or filter is complete; tiles of the same picture join it as they come. */
  #keepPicture(layer) {
    const tiles = this.#tilesOf(layer);
    const kind = `${tiles.wanted[0]?.tile.z}?${queryOf(this.store.state, layer.id)}`;
    const before = this.pictures.get(layer.id);
    if (tiles.complete || !before || before.kind === kind) this.pictures.set(layer.id, { kind, items: tiles.items });
  }

  #merged(layer, pixels) {
    const rings = merge(this.pictures.get(layer.id).items, pixels);
    return rings.map((ring) => ({ ...ring, layer: layer.id }));
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

function collection(rings, layer, context) {
  return { type: "FeatureCollection", features: rings.map((ring) => feature(ring, layer, context)) };
}

function feature(ring, layer, { pixels, badge }) {
  const at = [longitude(ring.px / pixels), latitude(ring.py / pixels)];
  const properties = ring.count > 1 ? ringProperties(ring, layer, badge) : pointProperties(ring, layer);
  return { type: "Feature", id: ring.id, geometry: { type: "Point", coordinates: at }, properties };
}

function ringProperties(ring, layer, badge) {
  const classes = classesOf(layer);
  const rows = total(ring.parts, null);
  const known = classCounts(ring.parts, layer.style.class);
  const counts = classes.length ? withRest(known, rows) : known;
  const colourOfCode = (code) => sharedColour(classes.find((each) => each.code === code)?.colour ?? "unknown");
  const order = [...new Set(classes.map(({ code }) => colourOfCode(code)))];
  const coloured = shares(byColour(counts, colourOfCode), order);
  const text = ringNumber(ring.count, language());
  return {
    layer: layer.id,
    fid: ring.id,
    count: rows,
    total: ring.count,
    number: text,
    badged: badge,
    radius: ring.radius,
    size: numberSize(ring.radius, text),
    icon: ringName({
      radius: ring.radius,
      badge: badge ? badgeOf(layer.style) : null,
      shares: coloured.length ? coloured : [[layer.style.colour || "accent", STEPS]],
    }),
    classes: JSON.stringify(counts),
    bounds: JSON.stringify(boundsOf(ring.parts)),
    expansion: ring.parts.length === 1 ? (ring.parts[0].properties.expansion_zoom ?? null) : null,
    place: ring.parts.length === 1 && Boolean(ring.parts[0].properties.place),
  };
}

/** The layer's own mark; circles coloured by status have none, their ring is all there is to say. */
function badgeOf({ shape, colour: token }) {
  if (token === "status") return shape === "circle" ? null : `${shape}:ink-soft`;
  return `${shape}:${token || "accent"}`;
}

/** As large as the ring allows: the number must fit inside its stroke. */
function numberSize(radius, text) {
  const room = (radius - 5) * 2;
  return Math.max(8.5, Math.min(8 + radius * 0.22, room / (text.length * 0.7)));
}

function pointProperties(ring, layer) {
  const [{ properties }] = ring.parts;
  const code = classOf(layer, properties);
  const nothingInForce = layer.style.colour !== "status" && ["expired", "withdrawn", "void"].includes(code?.colour);
  const roughly = properties.geom_accuracy === "commune_centroid";
  const icon = markName({
    shape: layer.style.shape,
    colour: nothingInForce ? "unknown" : colourOf(layer, properties),
    symbol: code?.symbol ?? "",
    hollow: nothingInForce || roughly,
  });
  return { ...properties, layer: layer.id, fid: ring.id, radius: ring.radius, icon };
}
