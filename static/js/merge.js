// Merges the clusters of many tiles into rings that never overlap on the screen. Pure.
//
// Input and output are items {id, x, y, count, …} with x and y in world units (0..1). What is merged depends only on
// the items and on a zoom that moves in quarter steps, so that panning changes nothing: the largest count
// is placed first (then the smallest id), and what would touch it joins it. Counts and parts are added up.

import { Grid } from "./grid.js";

export const LEAST_RADIUS = 11;
export const MOST_RADIUS = 26;
export const POINT_RADIUS = 9;
export const GAP = 2;
// Of one layer rings join already when they come near, so that a crowded view stays a map with rings, not a wall of them.
const ROOM_BETWEEN_RINGS = 9;
// Two single features may lie side by side, but neither may hide the other's middle.
const POINT_SPACING = 11;
const FULL_COUNT = 1e6;
const CELL = 2 * MOST_RADIUS + ROOM_BETWEEN_RINGS;
const STEPS_PER_ZOOM = 4;

/** The lower end of the quarter zoom step: what does not overlap there does not overlap anywhere in the step. */
export function mergeZoom(zoom) {
  return Math.floor(zoom * STEPS_PER_ZOOM + 1e-6) / STEPS_PER_ZOOM;
}

/** 11 px for two rows to 26 px for a million and more, by the logarithm; a single feature has its own size. */
export function radius(count) {
  if (count < 2) return POINT_RADIUS;
  const share = Math.log(count / 2) / Math.log(FULL_COUNT / 2);
  return LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * Math.min(1, share);
}

/** The rings and single features to draw, by count and id; `pixels` is the size of the world in pixels. */
export function merge(items, pixels) {
  const grid = new Grid(CELL);
  for (const item of [...items].sort(byCount)) settle(grid, ringOf(item, pixels));
  return grid.all().sort(byCount);
}

export function byCount(a, b) {
  return b.count - a.count || a.id - b.id;
}

/** Puts a ring down; while it touches another the two become one, which is put down in its turn. */
function settle(grid, ring) {
  let other = touching(grid, ring);
  while (other) {
    grid.remove(other);
    ring = joined(other, ring);
    other = touching(grid, ring);
  }
  grid.add(ring);
}

/** The ring that this one overlaps most, or null. */
function touching(grid, ring) {
  let least = 0;
  let found = null;
  grid.some(ring.px, ring.py, (other) => {
    const room = distance(ring, other) - spacing(ring, other) - extra(ring, other);
    if (room < least || (found && room === least && other.id < found.id)) [least, found] = [room, other];
    return false;
  });
  return found;
}

function ringOf(item, pixels) {
  const { id, x, y, count = 1 } = item;
  return { id, x, y, count, px: x * pixels, py: y * pixels, radius: radius(count), parts: [item] };
}

/**
 * Both rings as one, at the mean place of their members, under the identity of the one with more members.
 * Takes over both: neither of the two is to be used after.
 */
export function joined(first, second) {
  const [main, rest] = byCount(first, second) <= 0 ? [first, second] : [second, first];
  const count = main.count + rest.count;
  const share = rest.count / count;
  for (const part of rest.parts) main.parts.push(part);
  for (const axis of ["x", "y", "px", "py"]) main[axis] += (rest[axis] - main[axis]) * share;
  main.count = count;
  main.radius = radius(count);
  return main;
}

/** How far the middles of two rings must lie apart. */
export function spacing(a, b) {
  if (a.count < 2 && b.count < 2) return POINT_SPACING;
  return a.radius + b.radius + GAP;
}

function extra(a, b) {
  return a.count > 1 && b.count > 1 ? ROOM_BETWEEN_RINGS - GAP : 0;
}

function distance(a, b) {
  return Math.hypot(a.px - b.px, a.py - b.py);
}
