// Keeps the rings of several layers apart. Pure.
//
// Each layer is merged by itself (merge.js): a ring never counts rows of another layer. Where a ring would
// touch one of another layer, the smaller steps aside, to the nearest free place; where there is none it joins the
// nearest ring of its own layer. Single features step aside for rings, and for each other while the map shows them as
// signs rather than places. The true place stays in x and y; px and py say where the ring is drawn.

import { Grid } from "./grid.js";
import { byCount, joined, MOST_RADIUS, spacing } from "./merge.js";

const STEP = 8;
const DIRECTIONS = 12;
const REACH = 64;
const POINT_REACH = 32;
// A layer's largest ring has to be drawn somewhere, however crowded the view.
const FARTHEST = 1024;
const CELL = 2 * MOST_RADIUS + 2;

/**
 * The rings of all layers ({…, layer}), by count, with px and py moved so that none touches another, nor one of the
 * `labels`: boxes {left, top, right, bottom} in the same pixels, of names that must be readable. With `exact` single
 * features give way to rings only. Takes over the rings: they are not to be used after.
 */
export function separate(rings, { labels = [], exact = false } = {}) {
  const placed = { rings: [], grid: new Grid(CELL), labels };
  for (const ring of [...rings].sort(inOrder)) {
    if (ring.count > 1) placeRing(ring, placed);
    else placePoint(ring, placed, exact);
  }
  return placed.rings.sort(inOrder);
}

function inOrder(a, b) {
  return byCount(a, b) || (a.layer < b.layer ? -1 : 1);
}

function placeRing(ring, placed) {
  const free = freePlace(ring, placed, REACH);
  const host = free ? null : nearestOfLayer(ring, placed.rings);
  if (host) join(host, ring, placed);
  else put(free ?? freePlace(ring, placed, FARTHEST) ?? ring, placed, true);
}

function placePoint(point, placed, exact) {
  put(freePlace(point, placed, POINT_REACH) ?? point, placed, !exact);
}

function put(ring, placed, isObstacle) {
  placed.rings.push(ring);
  if (isObstacle) placed.grid.add(ring);
}

// The host keeps its place and size: what lies around it was placed by them.
function join(host, ring, placed) {
  const { px, py, radius } = host;
  const both = { ...joined(host, ring), px, py, radius };
  placed.grid.remove(host);
  placed.grid.add(both);
  placed.rings[placed.rings.indexOf(host)] = both;
}

/** The ring where it is, or moved to the nearest free place; null when none lies within reach. */
function freePlace(ring, placed, reach) {
  if (fits(ring, placed)) return ring;
  for (let step = STEP; step <= reach; step += STEP) {
    for (let turn = 0; turn < DIRECTIONS; turn++) {
      const angle = (turn / DIRECTIONS) * 2 * Math.PI;
      const moved = { ...ring, px: ring.px + step * Math.cos(angle), py: ring.py + step * Math.sin(angle) };
      if (fits(moved, placed)) return moved;
    }
  }
  return null;
}

function fits(ring, { grid, labels }) {
  const touches = (other) => apart(ring, other) < spacing(ring, other);
  return labels.every((label) => clear(ring, label)) && !grid.some(ring.px, ring.py, touches);
}

function clear({ px, py, radius }, { left, top, right, bottom }) {
  const dx = Math.max(left - px, 0, px - right);
  const dy = Math.max(top - py, 0, py - bottom);
  return Math.hypot(dx, dy) >= radius;
}

function apart(a, b) {
  return Math.hypot(a.px - b.px, a.py - b.py);
}

function nearestOfLayer(ring, rings) {
  const others = rings.filter((other) => other.count > 1 && other.layer === ring.layer);
  if (!others.length) return null;
  return others.reduce((best, other) => (apart(ring, other) < apart(ring, best) ? other : best));
}
