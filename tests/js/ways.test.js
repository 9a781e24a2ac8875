import assert from "node:assert/strict";
import { test } from "node:test";

import { nearestOf, wayTo } from "../../static/js/ways.js";

const HANOI = [105.85, 21.03];

test("a degree of latitude is 111 km to the north", () => {
  const { metres, way } = wayTo(HANOI, [105.85, 22.03]);
  assert.ok(Math.abs(metres - 111195) < 10);
  assert.equal(way, "way.north");
});

test("each of the eight winds is told by its name", () => {
  const ways = [];
  for (let angle = 0; angle < 360; angle += 45) {
    const turned = (angle * Math.PI) / 180;
    const across = Math.cos((HANOI[1] * Math.PI) / 180);
    ways.push(wayTo(HANOI, [HANOI[0] + (0.01 * Math.sin(turned)) / across, HANOI[1] + 0.01 * Math.cos(turned)]).way);
  }
  const winds = ["north", "northEast", "east", "southEast", "south", "southWest", "west", "northWest"];
  assert.deepEqual(ways, winds.map((wind) => `way.${wind}`));
});

test("the nearest of many is found wherever it stands in the list, and of none there is none", () => {
  const near = nearestOf([[106, 21], [105.86, 21.03], [105.7, 21.5]], HANOI);
  assert.equal(near.way, "way.east");
  assert.ok(near.metres > 1000 && near.metres < 1100);
  assert.equal(nearestOf([], HANOI), null);
});
