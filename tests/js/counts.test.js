import assert from "node:assert/strict";
import { test } from "node:test";

import { byColour, bySize, classCounts, NONE, OTHER, shares, sum, total, withRest } from "../../static/js/counts.js";

const CLUSTER = { properties: { count: 10, n_valid: 7, n_overdue: 3, devices: 900 } };
const SINGLE = { properties: { status: "valid", devices: 100 } };

test("classes of clusters and single features add up", () => {
  assert.deepEqual(classCounts([CLUSTER, SINGLE], "status"), { valid: 8, overdue: 3 });
});

test("a weighted layer adds up its weight, others their rows", () => {
  assert.equal(total([CLUSTER, SINGLE], null), 11);
  assert.equal(total([CLUSTER, SINGLE], "devices"), 1000);
});

test("shares fill the ring, and the smallest class is still seen", () => {
  const parts = shares({ valid: 100000, overdue: 1, void: 3 }, ["valid", "due_soon", "overdue", "void"]);
  assert.deepEqual(parts, [
    ["valid", 34],
    ["overdue", 1],
    ["void", 1],
  ]);
});

test("a class that the list of codes does not know is shown at the end", () => {
  assert.deepEqual(shares({ valid: 1, odd: 1 }, ["valid"]), [
    ["valid", 18],
    ["odd", 18],
  ]);
});

test("classes of one colour are one part of the ring", () => {
  const colourOf = (code) => (code === "valid" ? "valid" : "void");
  assert.deepEqual(byColour({ valid: 5, expired: 2, withdrawn: 3 }, colourOf), { valid: 5, void: 5 });
});

test("the largest parts come first, and with the rest they add up to the ring", () => {
  const counts = withRest({ a: 1, b: 9, c: 4, d: 0 }, 534);
  assert.deepEqual(bySize(counts, 4), [
    [NONE, 520],
    ["b", 9],
    ["c", 4],
    ["a", 1],
  ]);
  assert.deepEqual(bySize(counts, 3), [
    [NONE, 520],
    ["b", 9],
    [OTHER, 5],
  ]);
  assert.equal(sum(counts), 534);
  assert.deepEqual(withRest({ a: 2 }, 2), { a: 2 });
});
