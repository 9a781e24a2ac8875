// What the tiles of one zoom say of a part of the map: exact, or that they cannot tell. Pure.

import { worldX, worldY } from "./geometry.js";

// The members of a cluster lie in one cell of the absolute grid: its sides are the world's, halved as often as its level
// says, which is odd and gives a tile at least 8 × 8 cells (layers/grid.py, layers/pyramid/shape.py).
const LEAST_LEVEL = 5;

/**
 * The items of tiles of zoom `z` of which all rows lie in a bbox, and those of which only some may:
 * {inside: [item], astride: [item]}.
 */
export function divided(items, [west, south, east, north], z) {
  const box = { left: worldX(west), right: worldX(east), top: worldY(north), bottom: worldY(south) };
  const reaches = items.map((item) => [item, reach(item, z)]);
  const touching = reaches.filter(([, own]) => touches(own, box));
  const [inside, astride] = [[], []];
  for (const [item, own] of touching) (lies(own, box) ? inside : astride).push(item);
  return { inside, astride };
}

/** Where the rows of an item may lie. */
function reach({ x, y, properties }, z) {
  if (properties.count === undefined) return { left: x, right: x, top: y, bottom: y };
  const cells = 2 ** Math.max(LEAST_LEVEL, (z + 3) | 1);
  const [column, row] = [Math.floor(x * cells), Math.floor(y * cells)];
  return { left: column / cells, right: (column + 1) / cells, top: row / cells, bottom: (row + 1) / cells };
}

function touches(one, other) {
  return one.left <= other.right && one.right >= other.left && one.top <= other.bottom && one.bottom >= other.top;
}

function lies({ left, right, top, bottom }, box) {
  return left >= box.left && right <= box.right && top >= box.top && bottom <= box.bottom;
}
