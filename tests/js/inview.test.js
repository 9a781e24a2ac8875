import assert from "node:assert/strict";
import { test } from "node:test";

import { latitude, longitude } from "../../static/js/geometry.js";
import { divided } from "../../static/js/inview.js";
import { random } from "./random.js";

const CELLS = 2 ** 9;

/** Rows in a corner of the world, and the clusters of the cells that a tile of zoom 5 shows of them. */
function randomRows(next) {
  const rows = Array.from({ length: 300 }, () => ({ x: 0.78 + next() * 0.05, y: 0.42 + next() * 0.05 }));
  const cells = new Map();
  for (const row of rows) {
    const key = `${Math.floor(row.x * CELLS)}/${Math.floor(row.y * CELLS)}`;
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  return { rows, items: [...cells.values()].map(itemOf) };
}

function itemOf(rows, id) {
  const mean = (axis) => rows.reduce((sum, row) => sum + row[axis], 0) / rows.length;
  return { id, x: mean("x"), y: mean("y"), rows, properties: rows.length > 1 ? { count: rows.length } : {} };
}

function bbox({ left, top, right, bottom }) {
  return [longitude(left), latitude(bottom), longitude(right), latitude(top)];
}

function randomBox(next) {
  const [left, top] = [0.775 + next() * 0.04, 0.415 + next() * 0.04];
  return { left, top, right: left + next() * 0.04, bottom: top + next() * 0.04 };
}

test("of what is inside every row lies in the box, and no row of the box is in neither part", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const next = random(seed);
    const { rows, items } = randomRows(next);
    const box = randomBox(next);
    const holds = ({ x, y }) => x > box.left && x < box.right && y > box.top && y < box.bottom;
    const { inside, astride } = divided(items, bbox(box), 5);
    assert.ok(inside.every((item) => item.rows.every(holds)), `seed ${seed}`);
    const told = new Set([...inside, ...astride].flatMap((item) => item.rows));
    assert.ok(rows.filter(holds).every((row) => told.has(row)), `seed ${seed}`);
  }
});

test("a row alone is inside or not, never both", () => {
  const item = { x: 0.8, y: 0.45, properties: {} };
  const around = bbox({ left: 0.79, right: 0.81, top: 0.44, bottom: 0.46 });
  const beside = bbox({ left: 0.8001, right: 0.81, top: 0.44, bottom: 0.46 });
  assert.deepEqual(divided([item], around, 5), { inside: [item], astride: [] });
  assert.deepEqual(divided([item], beside, 5), { inside: [], astride: [] });
});

test("a cluster near the edge of the box is in doubt, even where its mean lies inside", () => {
  const item = { x: 410.4 / CELLS, y: 230.5 / CELLS, properties: { count: 7 } };
  const cut = bbox({ left: 400 / CELLS, right: 410.6 / CELLS, top: 220 / CELLS, bottom: 240 / CELLS });
  assert.deepEqual(divided([item], cut, 5), { inside: [], astride: [item] });
});
