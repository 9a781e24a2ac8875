// The boxes of the names that must always be readable: the archipelagos'. Data steps aside for them (separate.js).

import { worldX, worldY } from "./geometry.js";

const LAYER = "base-label-archipelago";
const LAST_ZOOM = 9;
const LINE_HEIGHT = 1.25;
const ROOM = 2;

let context = null;

/** [{left, top, right, bottom}] in pixels of a world that is `pixels` wide; none when the map is near. */
export function labelBoxes(map, pixels) {
  if (map.getZoom() > LAST_ZOOM || !map.getLayer(LAYER)) return [];
  return map.queryRenderedFeatures({ layers: [LAYER] }).map((feature) => box(map, feature, pixels));
}

function box(map, feature, pixels) {
  const [longitude, latitude] = feature.geometry.coordinates;
  const size = feature.layer.layout["text-size"];
  const lines = nameOf(map, feature).replace(" (", "\n(").split("\n");
  const halfWidth = Math.max(...lines.map((line) => widthOf(line, size))) / 2 + ROOM;
  const halfHeight = (lines.length * size * LINE_HEIGHT) / 2 + ROOM;
  const [x, y] = [worldX(longitude) * pixels, worldY(latitude) * pixels];
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

function nameOf(map, { properties }) {
  return properties[`name_${map.getStyle().metadata["map:lang"]}`] ?? properties.name_vi;
}

function widthOf(text, size) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = `600 ${size}px "Be Vietnam Pro"`;
  return context.measureText(text).width;
}
