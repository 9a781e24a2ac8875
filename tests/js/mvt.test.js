import assert from "node:assert/strict";
import { test } from "node:test";

import { readPoints } from "../../static/js/mvt.js";
import { tile } from "./tile.js";

const WRITTEN = {
  a: [
    { id: 7, at: [2048, 2048], properties: { count: 12345 } },
    { id: 2 ** 52 + 1, at: [0, 4095], properties: { name: "Cân ô tô" } },
  ],
  meta: [{ id: 1, at: [2048, 2048], properties: { shown: 2, total: 9, total_is: "at_least" } }],
};

test("it reads ids, properties and places of points", () => {
  const { a } = readPoints(tile(WRITTEN), { z: 1, x: 1, y: 0 });
  assert.deepEqual(a[0], { id: 7, x: 0.75, y: 0.25, properties: { count: 12345 } });
  assert.equal(a[1].id, 2 ** 52 + 1);
  assert.deepEqual(a[1].properties, { name: "Cân ô tô" });
});

test("layers are read each by its name", () => {
  const { meta } = readPoints(tile(WRITTEN), { z: 1, x: 1, y: 0 });
  assert.deepEqual(meta[0].properties, { shown: 2, total: 9, total_is: "at_least" });
});

test("an empty tile has no layers", () => {
  assert.deepEqual(readPoints(new ArrayBuffer(0), { z: 0, x: 0, y: 0 }), {});
});

test("what is no tile is refused, not read for ever", () => {
  assert.throws(() => readPoints(new Uint8Array([26, 200, 1, 255]).buffer, { z: 0, x: 0, y: 0 }));
});
