import assert from "node:assert/strict";
import { test } from "node:test";

import { tileZoom } from "../../static/js/tilezoom.js";

const ALL = [0, 16];
const cellsAcross = (z) => (z % 2 || z > 12 ? 16 : 8);

test("the cells of clusters are never wider on the screen than a large ring and the room around it", () => {
  for (let zoom = 2.5; zoom < 17; zoom += 0.05) {
    const z = tileZoom(zoom, ALL);
    const width = (512 * 2 ** (zoom - z)) / cellsAcross(z);
    assert.ok(width < 64 && width >= 16, `${zoom}`);
  }
});

test("a layer is asked for the zooms that it has", () => {
  assert.equal(tileZoom(18.7, ALL), 16);
  assert.equal(tileZoom(2.5, [5, 9]), 5);
  assert.equal(tileZoom(8.5, [5, 8]), 8);
});
