import assert from "node:assert/strict";
import { test } from "node:test";

import { byCount, merge, mergeZoom, radius, spacing } from "../../static/js/merge.js";
import { separate } from "../../static/js/separate.js";
import { random } from "./random.js";

const PIXELS = 512 * 2 ** 5;

function randomItems(seed, size, { crowded = false } = {}) {
  const next = random(seed);
  const width = crowded ? 0.005 : 0.05;
  return Array.from({ length: size }, (_, index) => ({
    id: index + 1,
    x: 0.8 + next() * width,
    y: 0.45 + next() * width,
    count: next() < 0.3 ? 1 : Math.floor(2 + 10 ** (next() * 6)),
  }));
}

function apart(a, b) {
  return Math.hypot(a.px - b.px, a.py - b.py);
}

function overlaps(rings, { pointsToo = true } = {}) {
  return rings.flatMap((a, index) =>
    rings
      .slice(index + 1)
      .filter((b) => (pointsToo || a.count > 1 || b.count > 1) && apart(a, b) < spacing(a, b) - 1e-6),
  );
}

test("rings never overlap, whatever the input", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const rings = merge(randomItems(seed, 20 + seed * 10, { crowded: seed % 2 === 0 }), PIXELS);
    assert.equal(overlaps(rings).length, 0, `seed ${seed}`);
  }
});

test("counts add up and every part is in exactly one ring", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const items = randomItems(seed, 500);
    const rings = merge(items, PIXELS);
    const total = (list) => list.reduce((sum, item) => sum + item.count, 0);
    assert.equal(total(rings), total(items));
    const parts = rings.flatMap((ring) => ring.parts.map((part) => part.id));
    assert.deepEqual(
      parts.sort((a, b) => a - b),
      items.map((item) => item.id),
    );
  }
});

test("the order of the input changes nothing", () => {
  const items = randomItems(7, 400);
  const shuffled = [...items].sort((a, b) => ((a.id * 7919) % 401) - ((b.id * 7919) % 401));
  assert.deepEqual(merge(items, PIXELS), merge(shuffled, PIXELS));
});

test("far away news changes nothing here", () => {
  const items = randomItems(9, 300);
  const news = randomItems(10, 50).map((item) => ({ ...item, id: item.id + 1000, x: item.x - 0.3 }));
  const here = merge([...items, ...news], PIXELS).filter((ring) => ring.x > 0.7);
  assert.deepEqual(here, merge(items, PIXELS));
});

test("within a quarter zoom step the merge stays and nothing overlaps", () => {
  assert.equal(mergeZoom(5.3), 5.25);
  assert.equal(mergeZoom(5.49), 5.25);
  assert.equal(mergeZoom(5.5), 5.5);
});

test("a ring lies at the mean place of its members", () => {
  const near = [
    { id: 1, x: 0.5, y: 0.5, count: 3 },
    { id: 2, x: 0.5 + 8 / PIXELS, y: 0.5, count: 1 },
  ];
  const [ring] = merge(near, PIXELS);
  assert.equal(ring.count, 4);
  assert.ok(Math.abs(ring.px - (0.5 * PIXELS + 2)) < 1e-6);
});

test("single features that do not hide each other stay apart", () => {
  const items = [
    { id: 1, x: 0.5, y: 0.5 },
    { id: 2, x: 0.5 + 12 / PIXELS, y: 0.5 },
  ];
  assert.equal(merge(items, PIXELS).length, 2);
});

test("the radius runs from 11 to 26 pixels by the logarithm", () => {
  assert.equal(radius(2), 11);
  assert.equal(radius(1e6), 26);
  assert.equal(radius(5e9), 26);
  assert.ok(radius(100) > radius(50));
});

test("rings of different layers never overlap and their counts add up by layer", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const layers = ["a", "b", "c"].flatMap((layer, index) =>
      merge(randomItems(seed * 10 + index, 150, { crowded: seed % 3 === 0 }), PIXELS).map((ring) => ({
        ...ring,
        layer,
      })),
    );
    const total = (list, layer) =>
      list.filter((ring) => ring.layer === layer).reduce((sum, ring) => sum + ring.count, 0);
    const before = ["a", "b", "c"].map((layer) => total(layers, layer));
    const placed = separate(layers, { pixels: PIXELS });
    const rings = placed.filter((ring) => ring.count > 1);
    assert.equal(overlaps(rings).length, 0, `seed ${seed}`);
    const after = ["a", "b", "c"].map((layer) => total(placed, layer));
    assert.deepEqual(after, before);
  }
});

test("what does not touch another layer is not moved", () => {
  const ring = {
    id: 1,
    x: 0.5,
    y: 0.5,
    px: 0.5 * PIXELS,
    py: 0.5 * PIXELS,
    count: 10,
    radius: 14,
    parts: [],
    layer: "a",
  };
  const far = { ...ring, id: 2, px: ring.px + 100, layer: "b" };
  assert.deepEqual(separate([ring, far], { pixels: PIXELS }), [ring, far].sort(byCount));
});

test("no ring hides a name that must be readable", () => {
  const label = { left: 13200, right: 13320, top: 7700, bottom: 7730 };
  for (let seed = 1; seed <= 20; seed++) {
    const rings = merge(randomItems(seed, 200), PIXELS).map((ring) => ({ ...ring, layer: "a" }));
    const placed = separate(rings, { pixels: PIXELS, labels: [label] });
    const inside = ({ px, py }) => px > label.left && px < label.right && py > label.top && py < label.bottom;
    assert.equal(placed.filter(inside).length, 0);
    assert.equal(overlaps(placed.filter((ring) => ring.count > 1)).length, 0);
  }
});

test("in a crowd no mark is moved off the places of data, and counts still add up by layer", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const layers = ["a", "b", "c"].flatMap((layer, index) =>
      merge(randomItems(seed * 10 + index, 80), PIXELS).map((ring) => ({ ...ring, layer })),
    );
    const places = layers.flatMap(({ parts }) => parts.map(({ x, y }) => ({ px: x * PIXELS, py: y * PIXELS })));
    const sums = (list) => list.reduce((sum, { layer, count }) => ({ ...sum, [layer]: (sum[layer] ?? 0) + count }), {});
    const before = sums(layers);
    const placed = separate(layers, { pixels: PIXELS, bounded: true });
    assert.deepEqual(sums(placed), before);
    for (const ring of placed.filter(({ px, x }) => Math.abs(px - x * PIXELS) > 1e-6)) {
      assert.ok(
        places.some((place) => apart(ring, place) <= 12),
        `seed ${seed}, ${ring.count} of ${ring.layer}`,
      );
    }
  }
});

test("rings at one place stand side by side, and what finds no place joins the nearest of its layer", () => {
  const at = (id, layer, count, dx) => {
    const x = 0.8 + dx / PIXELS;
    const [px, py] = [x * PIXELS, 0.45 * PIXELS];
    return { id, layer, count, x, y: 0.45, px, py, radius: radius(count), parts: [{ id, x, y: 0.45 }] };
  };
  const rings = [at(1, "a", 1000, 0), at(2, "b", 500, 0), at(3, "b", 90, 5)];
  const placed = separate(rings, { pixels: PIXELS, bounded: true });
  assert.deepEqual(
    placed.map(({ layer, count }) => [layer, count]),
    [
      ["a", 1000],
      ["b", 590],
    ],
  );
  for (const ring of placed) assert.ok(Math.hypot(ring.px - 0.8 * PIXELS, ring.py - 0.45 * PIXELS) <= 60);
});
