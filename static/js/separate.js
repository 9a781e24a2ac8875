// Keeps the rings of several layers apart. Pure.
//
// Each layer is merged by itself (merge.js): a ring never counts rows of another layer. Where a ring would touch one of
// another layer, the later steps aside, no farther than to stand beside it; where there is no place it joins the nearest
// ring of its own layer, and where there is none rings of two layers overlap a little. Single features step aside for
// rings, and for each other while the map shows them as signs rather than places. The true place stays in x and y; px
// and py say where the ring is drawn.

import { Grid } from "./grid.js";
import { byCount, GAP, joined, MOST_RADIUS, spacing } from "./merge.js";

const STEP = 8;
const DIRECTIONS = 12;
// What is farther away is another part of the country: better crowded than counted there.
const NEIGHBOURHOOD = 160;
const TIGHT = 0.75;
// A layer's largest ring has to be drawn somewhere, however crowded the view.
const FARTHEST = 1024;
const CELL = 2 * MOST_RADIUS + GAP;
// As far as a mark may step off the places of data: they tell the country from the sea and from neighbours' land.
const OFF_GROUND = 12;

/**
 * The rings of all layers ({…, layer}), by count, with px and py moved so that none touches another, nor one of the
 * `labels`: boxes {left, top, right, bottom} in the same pixels, of names that must be readable. `pixels` is the size of
 * the world. With `bounded` marks are moved only to where there are data, with `exact` single features give way to
 * rings only. Takes over the rings: they are not to be used after.
 */
export function separate(rings, { pixels, labels = [], bounded = false, exact = false }) {
  const ground = bounded ? groundOf(rings, pixels) : null;
  const placed = { all: [], rings: new Grid(CELL), points: new Grid(CELL), labels, ground, pixels, room: 1 };
  for (const ring of fairly(rings.filter(({ count }) => count > 1))) placeRing(ring, placed);
  for (const point of rings.filter(({ count }) => count === 1).sort(inOrder)) placePoint(point, placed, exact);
  return placed.all.sort(inOrder);
}

/** The places of all data. */
function groundOf(rings, pixels) {
  const ground = new Grid(OFF_GROUND);
  for (const { parts } of rings) for (const { x, y } of parts) ground.add({ px: x * pixels, py: y * pixels });
  return ground;
}

function inOrder(a, b) {
  return byCount(a, b) || (a.layer < b.layer ? -1 : 1);
}

/** The three largest of each layer, then the next twelve…: a layer of large numbers leaves room for the others. */
function fairly(rings) {
  const turns = {};
  const band = new Map();
  const sorted = [...rings].sort(inOrder);
  for (const ring of sorted) {
    turns[ring.layer] = (turns[ring.layer] ?? 0) + 1;
    band.set(ring, Math.floor(Math.log2(turns[ring.layer]) / 2));
  }
  return sorted.sort((a, b) => band.get(a) - band.get(b));
}

function placeRing(ring, placed) {
  const free = freePlace(ring, placed, reach(ring));
  const host = free ? null : nearestOfLayer(ring, placed.all);
  if (host) join(host, ring, placed);
  else put(free ?? tightPlace(ring, placed) ?? freePlace(ring, { ...placed, ground: null }, FARTHEST) ?? ring, placed);
}

/** A place where only the edges of rings of other layers are covered: their numbers can be read. */
function tightPlace(ring, placed) {
  return placed.ground ? freePlace(ring, { ...placed, room: TIGHT }, NEIGHBOURHOOD) : null;
}

/** Where the map shows places, beside rings; else clear of all marks, or part of a ring, or at least clear of rings. */
function placePoint(point, placed, exact) {
  const clearOfRings = { ...placed, points: new Grid(CELL) };
  const free = freePlace(point, exact ? clearOfRings : placed, reach(point));
  const host = free || exact ? null : nearestOfLayer(point, placed.all);
  if (host) join(host, point, placed);
  else put(free ?? freePlace(point, clearOfRings, reach(point)) ?? point, placed);
}

/** To stand beside a ring at the same place. */
function reach({ radius }) {
  return radius + GAP + MOST_RADIUS;
}

function put(ring, placed) {
  placed.all.push(ring);
  gridOf(ring, placed).add(ring);
}

/** Both as one, placed anew at the larger one's true place: the mean of distant places may lie abroad. */
function join(host, ring, placed) {
  gridOf(host, placed).remove(host);
  placed.all.splice(placed.all.indexOf(host), 1);
  const { x, y } = byCount(host, ring) <= 0 ? host : ring;
  placeRing({ ...joined(host, ring), x, y, px: x * placed.pixels, py: y * placed.pixels }, placed);
}

function gridOf(ring, { rings, points }) {
  return ring.count > 1 ? rings : points;
}

/** The ring where it is, or moved to the nearest free place; null when none lies within `farthest` pixels. */
function freePlace(ring, placed, farthest) {
  if (fits(ring, placed)) return ring;
  const allowed = groundFor(ring, placed);
  // Many places are tried: what is tried is smaller than a ring with all its parts and counts.
  const { count, radius, layer } = ring;
  for (let step = STEP; step <= farthest; step += STEP) {
    for (let turn = 0; turn < DIRECTIONS; turn++) {
      const angle = (turn / DIRECTIONS) * 2 * Math.PI;
      const [px, py] = [ring.px + step * Math.cos(angle), ring.py + step * Math.sin(angle)];
      const moved = { count, radius, layer, px, py };
      if (fits(moved, placed) && allowed(moved)) return { ...ring, px, py };
    }
  }
  return null;
}

/** Whether a place is one for data: everywhere for what lies below an archipelago's name, with sea all around. */
function groundFor(ring, { ground, labels }) {
  if (!ground || labels.some((label) => !clear({ ...ring, radius: 1 }, label))) return () => true;
  return (moved) => ground.some(moved.px, moved.py, (place) => distance(moved, place) <= OFF_GROUND);
}

function fits(ring, { rings, points, labels, room }) {
  const touches = (other) => distance(ring, other) < spacing(ring, other) * (other.layer === ring.layer ? 1 : room);
  const free = labels.every((label) => clear(ring, label)) && !rings.some(ring.px, ring.py, touches);
  return free && !points.some(ring.px, ring.py, touches);
}

function clear({ px, py, radius }, { left, top, right, bottom }) {
  const dx = Math.max(left - px, 0, px - right);
  const dy = Math.max(top - py, 0, py - bottom);
  return Math.hypot(dx, dy) >= radius;
}

function distance(a, b) {
  return Math.sqrt((a.px - b.px) ** 2 + (a.py - b.py) ** 2);
}

/** The nearest of the same layer that is not in another part of the country, or null. */
function nearestOfLayer(ring, rings) {
  const near = rings.filter((other) => other.layer === ring.layer && distance(ring, other) <= NEIGHBOURHOOD);
  if (!near.length) return null;
  return near.reduce((best, other) => (distance(ring, other) < distance(ring, best) ? other : best));
}
