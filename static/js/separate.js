// Keeps the rings of several layers apart. Pure.
//
// Each layer is merged by itself (merge.js): a ring never counts rows of another layer. Where a ring would
// touch one of another layer, the smaller steps aside, to the nearest free place within two ring widths; where there is
// none it joins the nearest ring of its own layer. Single features step aside for rings, and for each other while the
// map shows them as signs rather than places. The true place stays in x and y; px and py say where the ring is drawn.

import { byCount, joined, MOST_RADIUS, spacing } from "./merge.js";

const STEP = 5;
const DIRECTIONS = 16;
const REACH = 4 * MOST_RADIUS;
const FARTHEST = 40 * MOST_RADIUS;

/**
 * The rings of all layers ({…, layer}), by count, with px and py moved so that none touches another, nor one of the
 * `labels`: boxes {left, top, right, bottom} in the same pixels, of names that must be readable. With `exact` single
 * features give way to rings only.
 */
export function separate(rings, { labels = [], exact = false } = {}) {
  let waiting = [...rings].sort(inOrder);
  for (;;) {
    const { placed, homeless, host } = place(waiting, { labels, exact });
    if (!homeless) return placed;
    const others = waiting.filter((ring) => ring !== homeless && ring !== host);
    waiting = [...others, joined(host, homeless)].sort(inOrder);
  }
}

function inOrder(a, b) {
  return byCount(a, b) || (a.layer < b.layer ? -1 : 1);
}

function place(waiting, { labels, exact }) {
  const placed = [];
  const obstacles = [];
  for (const ring of waiting) {
    const free = freePlace(ring, { obstacles, labels, reach: REACH });
    const host = free || ring.count < 2 ? null : nearestOfLayer(ring, waiting);
    if (host) return { placed, homeless: ring, host };
    const settled = free ?? freePlace(ring, { obstacles, labels, reach: FARTHEST }) ?? ring;
    placed.push(settled);
    if (ring.count > 1 || !exact) obstacles.push(settled);
  }
  return { placed, homeless: null, host: null };
}

/** The ring where it is, or moved to the nearest free place; null when none lies within reach. */
function freePlace(ring, { obstacles, labels, reach }) {
  const near = obstacles.filter((other) => apart(ring, other) < spacing(ring, other) + reach);
  if (fits(ring, near, labels)) return ring;
  for (let step = STEP; step <= reach; step += STEP) {
    for (let turn = 0; turn < DIRECTIONS; turn++) {
      const angle = (turn / DIRECTIONS) * 2 * Math.PI;
      const moved = { ...ring, px: ring.px + step * Math.cos(angle), py: ring.py + step * Math.sin(angle) };
      if (fits(moved, near, labels)) return moved;
    }
  }
  return null;
}

function fits(ring, obstacles, labels) {
  return labels.every((label) => clear(ring, label)) && obstacles.every((other) => apart(ring, other) >= spacing(ring, other));
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
  const others = rings.filter((other) => other !== ring && other.layer === ring.layer);
  if (!others.length) return null;
  return others.reduce((best, other) => (apart(ring, other) < apart(ring, best) ? other : best));
}
