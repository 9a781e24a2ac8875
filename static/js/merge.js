// Merges the clusters of many tiles into rings that never overlap on the screen. Pure.
//
// Input and output are items {id, x, y, count, …} with x and y in world units (0..1). What is merged depends only on
// the items and on a zoom that moves in quarter steps, so that panning changes nothing: the largest count
// is placed first (then the smallest id), and what would touch it joins it. Counts and parts are added up.

export const LEAST_RADIUS = 11;
export const MOST_RADIUS = 26;
export const POINT_RADIUS = 9;
const GAP = 2;
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
  const grid = new Grid();
  for (const item of [...items].sort(byCount)) settle(grid, ringOf(item, pixels));
  return grid.rings().sort(byCount);
}

export function byCount(a, b) {
  return b.count - a.count || a.id - b.id;
}

/** Puts a ring down; while it touches another the two become one, which is put down in its turn. */
function settle(grid, ring) {
  let other = grid.touching(ring);
  while (other) {
    grid.remove(other);
    ring = joined(other, ring);
    other = grid.touching(ring);
  }
  grid.add(ring);
}

function ringOf(item, pixels) {
  const count = item.count ?? 1;
  return { ...item, count, px: item.x * pixels, py: item.y * pixels, radius: radius(count), parts: [item] };
}

/** Both rings as one, at the mean place of their members, under the identity of the one with more members. */
export function joined(first, second) {
  const [main, rest] = byCount(first, second) <= 0 ? [first, second] : [second, first];
  const count = main.count + rest.count;
  const share = rest.count / count;
  return {
    ...main,
    count,
    x: main.x + (rest.x - main.x) * share,
    y: main.y + (rest.y - main.y) * share,
    px: main.px + (rest.px - main.px) * share,
    py: main.py + (rest.py - main.py) * share,
    radius: radius(count),
    parts: [...main.parts, ...rest.parts],
  };
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

/** Rings by cells as wide as the widest two rings, so that only nine cells are looked at. */
class Grid {
  constructor() {
    this.cells = new Map();
  }

  touching(ring) {
    let nearest = null;
    for (const other of this.near(ring)) {
      const room = distance(ring, other) - spacing(ring, other) - extra(ring, other);
      if (room < 0 && (!nearest || room < nearest.room || (room === nearest.room && other.id < nearest.other.id))) {
        nearest = { room, other };
      }
    }
    return nearest?.other ?? null;
  }

  *near(ring) {
    const [column, row] = cellOf(ring);
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) yield* this.cells.get(key(column + dx, row + dy)) ?? [];
    }
  }

  add(ring) {
    const name = key(...cellOf(ring));
    if (!this.cells.has(name)) this.cells.set(name, new Set());
    this.cells.get(name).add(ring);
  }

  remove(ring) {
    this.cells.get(key(...cellOf(ring))).delete(ring);
  }

  rings() {
    return [...this.cells.values()].flatMap((cell) => [...cell]);
  }
}

function cellOf(ring) {
  return [Math.floor(ring.px / CELL), Math.floor(ring.py / CELL)];
}

// A cell's number: at zoom 22 the world is 2^31 pixels wide, which leaves room for both numbers below 2^53.
function key(column, row) {
  return column * 2 ** 26 + row;
}
