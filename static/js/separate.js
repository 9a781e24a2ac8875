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
  const placed = { all: [], rings: new Grid(CELL), points: new Grid(CELL), labels };
  for (const ring of [...rings].sort(inOrder)) {
    if (ring.count > 1) placeRing(ring, placed);
    else placePoint(ring, placed, exact);
  }
  return placed.all.sort(inOrder);
}

function inOrder(a, b) {
  return byCount(a, b) || (a.layer < b.layer ? -1 : 1);
}

function placeRing(ring, placed) {
  const free = freePlace(ring, placed, REACH);
  const host = free ? null : nearestOfLayer(ring, placed.all);
  if (host) join(host, ring, placed);
  else put(free ?? freePlace(ring, placed, FARTHEST) ?? ring, placed, placed.rings);
}

/** Clear of rings and points; in a crowd at least clear of rings, whose numbers must be read. */
function placePoint(point, placed, exact) {
  const apart = exact ? null : freePlace(point, placed, POINT_REACH);
  const clear = apart ?? freePlace(point, { ...placed, points: new Grid(CELL) }, REACH);
  put(clear ?? point, placed, placed.points);
}

function put(ring, placed, grid) {
  placed.all.push(ring);
  grid.add(ring);
}

// The host keeps its place and size: what lies around it was placed by them.
function join(host, ring, placed) {
  const { px, py, radius } = host;
  const both = { ...joined(host, ring), px, py, radius };
  placed.rings.remove(host);
  placed.rings.add(both);
  placed.all[placed.all.indexOf(host)] = both;
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

function fits(ring, { rings, points, labels }) {
  const touches = (other) => distance(ring, other) < spacing(ring, other);
  const free = labels.every((label) => clear(ring, label)) && !rings.some(ring.px, ring.py, touches);
  return free && !points.some(ring.px, ring.py, touches);
}

function clear({ px, py, radius }, { left, top, right, bottom }) {
  const dx = Math.max(left - px, 0, px - right);
  const dy = Math.max(top - py, 0, py - bottom);
  return Math.hypot(dx, dy) >= radius;
}

function distance(a, b) {
  return Math.hypot(a.px - b.px, a.py - b.py);
}

function nearestOfLayer(ring, rings) {
  const others = rings.filter((other) => other.count > 1 && other.layer === ring.layer);
  if (!others.length) return null;
  return others.reduce((best, other) => (distance(ring, other) < distance(ring, best) ? other : best));
}
