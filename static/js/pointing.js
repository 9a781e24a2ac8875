// Pointing at the map: what lies under the pointer is named, a click opens it or goes to where it parts.

import { classesOf } from "./catalogue.js";
import { bySize, NONE, OTHER, sum } from "./counts.js";
import { el, fill } from "./dom.js";
import { around, isSpot } from "./geometry.js";
import { langOf, language, t } from "./i18n.js";
import { flyTo, goTo } from "./map.js";
import { full, percent } from "./numbers.js";

const REACH = 8;
const TIP_GAP = 10;
// More lines would hide the country.
const MOST_PARTS = 5;
const PLACE_M = 15;
// From here on a tile tells places apart that lie a metre from each other.
const EXACT_FROM_ZOOM = 14;

export class Pointing {
  /** `pick(layer, id)` opens a record, `openPlace(layer, bbox)` the list of what stands at one point. */
  constructor({ map, catalogue, drawnLayers, pick, openPlace, tip }) {
    Object.assign(this, { map, catalogue, drawnLayers, pick, openPlace, tip });
    map.on("mousemove", (event) => this.#hover(event));
    map.on("mouseout", () => this.#leave());
    map.on("movestart", () => this.#leave());
    map.on("click", (event) => this.#click(event));
  }

  #found(point) {
    const layers = this.drawnLayers().filter((id) => this.map.getLayer(id));
    const box = [
      [point.x - REACH, point.y - REACH],
      [point.x + REACH, point.y + REACH],
    ];
    const exact = this.map.queryRenderedFeatures(point, { layers });
    return exact[0] ?? this.map.queryRenderedFeatures(box, { layers })[0] ?? null;
  }

  #hover({ point, originalEvent }) {
    const feature = this.#found(point);
    this.map.getCanvas().style.cursor = feature ? "pointer" : "";
    this.#state(feature);
    if (!feature || originalEvent.pointerType === "touch") this.tip.hidden = true;
    else this.#tell(feature, point);
  }

  #leave() {
    this.tip.hidden = true;
    this.#state(null);
  }

  // Polygons answer the pointer with a darker fill.
  #state(feature) {
    const area = feature?.sourceLayer
      ? { source: feature.source, sourceLayer: feature.sourceLayer, id: feature.id }
      : null;
    if (this.hovered) this.map.setFeatureState(this.hovered, { hover: false });
    this.hovered = area;
    if (area) this.map.setFeatureState(area, { hover: true });
  }

  /** Above the mark, or below it where there is no room: the mark itself stays in sight. */
  #tell(feature, pointer) {
    fill(this.tip, tipLines(feature, this.#layerOf(feature)));
    this.tip.hidden = false;
    const { radius } = feature.properties;
    const { x, y } = radius ? this.map.project(feature.geometry.coordinates) : pointer;
    const clear = (radius ?? REACH) + TIP_GAP;
    const { clientWidth } = this.map.getContainer();
    const left = Math.min(Math.max(8, x - this.tip.offsetWidth / 2), clientWidth - this.tip.offsetWidth - 8);
    const above = y - this.tip.offsetHeight - clear;
    this.tip.style.transform = `translate(${left}px, ${above > 8 ? above : y + clear}px)`;
  }

  #layerOf(feature) {
    return this.catalogue.layer(feature.properties.layer ?? feature.sourceLayer);
  }

  #click({ point }) {
    const feature = this.#found(point);
    if (!feature) return;
    const layer = this.#layerOf(feature);
    const { classes, place, expansion, bounds, record } = feature.properties;
    const at = feature.geometry.coordinates;
    if (classes === undefined || (record ?? null) !== null) this.pick(layer.id, record ?? feature.id);
    else if (place || this.#partsNoMore(expansion, JSON.parse(bounds))) this.openPlace(layer.id, around(at, PLACE_M));
    else if (expansion) flyTo(this.map, at, expansion);
    else this.#goInto(JSON.parse(bounds));
  }

  /** Whether going nearer shows nothing new of a ring: its members stand at one place, or there is no nearer. */
  #partsNoMore(expansion, bounds) {
    const zoom = this.map.getZoom();
    if (zoom >= this.map.getMaxZoom() - 0.1) return true;
    return !expansion && zoom >= EXACT_FROM_ZOOM && isSpot(bounds, PLACE_M / 10);
  }

  /** To where the parts of a merged ring lie apart, and at least one zoom nearer. */
  #goInto(bbox) {
    const camera = this.map.cameraForBounds(bbox, { padding: 80, maxZoom: this.map.getMaxZoom() });
    const zoom = Math.max(camera?.zoom ?? 0, this.map.getZoom() + 1);
    if (camera && zoom === camera.zoom) goTo(this.map, bbox, { margin: 80, maxZoom: this.map.getMaxZoom() });
    else flyTo(this.map, [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2], zoom);
  }
}

/** The lines of the tip: how many and the parts, which add up; or the name and status of one. */
function tipLines(feature, layer) {
  const { properties } = feature;
  if (properties.classes === undefined) return singleLines(properties, layer);
  const counts = JSON.parse(properties.classes);
  const whole = sum(counts);
  return [
    ...totals(properties, layer),
    ...bySize(counts, MOST_PARTS).map(([code, count]) =>
      el("span", {}, `${labelOf(layer, code)} ${full(count, language())} (${percent(count / whole, language())})`),
    ),
  ];
}

// A weighted layer adds up a field of its rows, whose title says what the number is; the parts below are of rows.
function totals({ count, total }, layer) {
  const weight = layer.fields.find(({ name }) => name === layer.style.weight);
  const rows = `${full(count, language())} ${layer.noun}`;
  if (!weight) return [el("strong", {}, rows)];
  return [el("strong", {}, `${weight.title}: ${full(total, language())}`), el("span", {}, rows)];
}

function singleLines(properties, layer) {
  const name = properties[`name_${language()}`] ?? properties.name ?? properties[layer.heading] ?? layer.title;
  const code = classesOf(layer).length ? labelOf(layer, properties[layer.style.class] ?? NONE) : "";
  const rough = properties.geom_accuracy === "commune_centroid" ? el("span", {}, t("map.communeOnly")) : null;
  return [el("strong", { lang: langOf(String(name)) }, String(name)), code ? el("span", {}, code) : null, rough];
}

function labelOf(layer, code) {
  if (code === NONE) return t("legend.none");
  if (code === OTHER) return t("map.otherStates");
  return classesOf(layer).find((each) => each.code === code)?.label ?? code ?? "";
}
