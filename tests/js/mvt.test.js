import assert from "node:assert/strict";
import { test } from "node:test";

import { readPoints } from "../../static/js/mvt.js";

// A tile written by hand: layer "a" with a cluster at the middle and a feature with a large id near the corner.
function varint(number) {
  const bytes = [];
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const field = (number, bytes) => [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
const number = (name, value) => [...varint(name * 8), ...varint(value)];
const text = (value) => [...new TextEncoder().encode(value)];
const point = (id, tags, [x, y]) => [
  ...number(1, id),
  ...field(2, tags),
  ...number(3, 1),
  ...field(4, [9, ...varint(x * 2), ...varint(y * 2)]),
];

function tile() {
  const layer = [
    ...number(15, 2),
    ...field(1, text("a")),
    ...field(2, point(7, [0, 0], [2048, 2048])),
    ...field(2, point(2 ** 52 + 1, [1, 1], [0, 4095])),
    ...field(3, text("count")),
    ...field(3, text("name")),
    ...field(4, number(5, 12345)),
    ...field(4, field(1, text("Cân ô tô"))),
    ...number(5, 4096),
  ];
  return new Uint8Array(field(3, layer)).buffer;
}

test("it reads ids, properties and places of points", () => {
  const { a } = readPoints(tile(), { z: 1, x: 1, y: 0 });
  assert.deepEqual(a[0], { id: 7, x: 0.75, y: 0.25, properties: { count: 12345 } });
  assert.equal(a[1].id, 2 ** 52 + 1);
  assert.deepEqual(a[1].properties, { name: "Cân ô tô" });
});

test("an empty tile has no layers", () => {
  assert.deepEqual(readPoints(new ArrayBuffer(0), { z: 0, x: 0, y: 0 }), {});
});

test("what is no tile is refused, not read for ever", () => {
  assert.throws(() => readPoints(new Uint8Array([26, 200, 1, 255]).buffer, { z: 0, x: 0, y: 0 }));
});
