import assert from "node:assert/strict";
import { test } from "node:test";

import {
  around,
  bboxOfGeometry,
  boundsOfView,
  viewOfBounds,
  isSpot,
  latitude,
  longitude,
  tilesCovering,
  worldX,
  worldY,
} from "../../static/js/geometry.js";

test("degrees survive the way to the plane and back", () => {
  for (const [lon, lat] of [
    [102, 4.5],
    [118, 23.5],
    [0, 0],
    [-179, -80],
  ]) {
    assert.ok(Math.abs(longitude(worldX(lon)) - lon) < 1e-9);
    assert.ok(Math.abs(latitude(worldY(lat)) - lat) < 1e-9);
  }
});

test("the country at zoom 5 lies on six tiles, its margin on no more than the world has", () => {
  const tiles = tilesCovering([102, 4.5, 118, 23.5], 5);
  assert.deepEqual([...new Set(tiles.map((tile) => tile.x))], [25, 26]);
  assert.deepEqual([...new Set(tiles.map((tile) => tile.y))], [13, 14, 15]);
  assert.equal(tilesCovering([-180, -85, 180, 85], 0, 500).length, 1);
});

test("a bbox around a point is as wide as it says", () => {
  const [west, south, east, north] = around([106, 21], 100);
  assert.ok(Math.abs((north - south) * 111320 - 200) < 1e-6);
  assert.ok(east - west > north - south);
});

test("a spot is no wider and no higher than it says", () => {
  assert.ok(isSpot([106, 21, 106, 21], 1));
  assert.ok(isSpot(around([106, 21], 4.9), 10));
  assert.ok(!isSpot(around([106, 21], 5.1), 10));
  assert.ok(!isSpot([106, 21, 106, 21.001], 10));
});

test("the bbox of a geometry holds all its coordinates", () => {
  assert.deepEqual(
    bboxOfGeometry({
      type: "Polygon",
      coordinates: [
        [
          [1, 2],
          [3, 0],
          [2, 5],
          [1, 2],
        ],
      ],
    }),
    [1, 0, 3, 5],
  );
  assert.equal(bboxOfGeometry(null), null);
});

test("a view of 512 pixels at zoom 0 shows the whole world, and deeper half of it around its middle", () => {
  assert.deepEqual(boundsOfView({ zoom: 0, lat: 0, lon: 0 }, 512, 512).map(Math.round), [-180, -85, 180, 85]);
  const [west, south, east, north] = boundsOfView({ zoom: 13, lat: 21.03, lon: 105.85 }, 1024, 512);
  assert.ok(Math.abs((west + east) / 2 - 105.85) < 1e-9 && south < 21.03 && 21.03 < north);
  assert.ok(Math.abs(east - west - (2 * 360) / 2 ** 13) < 1e-9);
});

test("the view of a bbox shows all of it and touches it on two sides", () => {
  const bbox = [104.4, 8.5, 105.5, 9.6];
  for (const [width, height] of [[800, 600], [390, 844]]) {
    const [west, south, east, north] = boundsOfView(viewOfBounds(bbox, width, height, 12), width, height);
    const [wide, high] = [east - west - 1.1, north - south - 1.1];
    assert.ok(wide > -1e-9 && high > -1e-9 && Math.min(wide, high) < 1e-3, `${wide} ${high}`);
  }
});

test("the view of a spot is no nearer than asked", () => {
  assert.equal(viewOfBounds([105, 21, 105, 21], 800, 600, 12).zoom, 12);
});
