// What is drawn of merged rings and single features: GeoJSON with all that the style layers and pointing ask for.

import { classesOf, classOf, colourOf } from "./catalogue.js";
import { byColour, classCounts, shares, STEPS, total, withRest } from "./counts.js";
import { boundsOf, latitude, longitude } from "./geometry.js";
import { markName, ringName } from "./images.js";
import { language } from "./i18n.js";
import { ring as ringNumber } from "./numbers.js";
import { sharedColour } from "./tokens.js";

/** A layer's rings and single features as GeoJSON; `pixels` is the size of the world, with `badge` rings say their layer. */
export function collection(rings, layer, context) {
  return { type: "FeatureCollection", features: rings.map((ring) => feature(ring, layer, context)) };
}

function feature(ring, layer, { pixels, badge }) {
  const at = [longitude(ring.px / pixels), latitude(ring.py / pixels)];
  const own = ring.count > 1 ? ringProperties(ring, layer, badge) : pointProperties(ring, layer);
  const record = recordOf(ring);
  const members = ring.count > 1 || record === null ? membersOf(ring.parts, layer) : {};
  const properties = { ...own, ...members, layer: layer.id, record, radius: ring.radius };
  return { type: "Feature", id: ring.id, geometry: { type: "Point", coordinates: at }, properties };
}

/** The id of the one feature that a mark stands for, null for a cluster, even where one row of it is counted. */
function recordOf({ id, parts }) {
  return parts.length === 1 && parts[0].properties.count === undefined ? id : null;
}

/** What pointing at a mark of several says, and where a click leads. */
function membersOf(parts, layer) {
  const one = parts.length === 1 ? parts[0].properties : {};
  return {
    count: total(parts, null),
    classes: JSON.stringify(countsByClass(parts, layer)),
    bounds: JSON.stringify(boundsOf(parts)),
    expansion: one.expansion_zoom ?? null,
    place: Boolean(one.place),
  };
}

function countsByClass(parts, layer) {
  const known = classCounts(parts, layer.style.class);
  return classesOf(layer).length ? withRest(known, total(parts, null)) : known;
}

function ringProperties(ring, layer, badge) {
  const classes = classesOf(layer);
  const colourOfCode = (code) => sharedColour(classes.find((each) => each.code === code)?.colour ?? "unknown");
  const order = [...new Set(classes.map(({ code }) => colourOfCode(code)))];
  const coloured = shares(byColour(countsByClass(ring.parts, layer), colourOfCode), order);
  const text = ringNumber(ring.count, language());
  return {
    total: ring.count,
    number: text,
    badged: badge,
    size: numberSize(ring.radius, text),
    icon: ringName({
      radius: ring.radius,
      badge: badge ? badgeOf(layer.style) : null,
      shares: coloured.length ? coloured : [[layer.style.colour || "accent", STEPS]],
    }),
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
  return { ...properties, icon };
}
