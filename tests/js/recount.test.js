import assert from "node:assert/strict";
import { test } from "node:test";

import { classCounts, total, withRest } from "../../static/js/counts.js";
import { filterAppliedHere, recounted } from "../../static/js/recount.js";
import { random } from "./random.js";

const CODES = ["valid", "due_soon", "overdue", "void"];

/** Items as a tile has them, and the class of each row behind them (null: it has none). */
function randomItems(seed) {
  const next = random(seed);
  const rows = [];
  const items = [];
  for (let id = 1; id <= 60; id++) {
    const members = Array.from({ length: next() < 0.4 ? 1 : Math.ceil(next() * 30) }, () =>
      next() < 0.15 ? null : CODES[Math.floor(next() * CODES.length)],
    );
    rows.push(...members);
    items.push({ id, x: next(), y: next(), count: members.length, properties: propertiesOf(members) });
  }
  return { items, rows };
}

function propertiesOf(members) {
  if (members.length === 1) return members[0] ? { status: members[0], name: "one" } : { name: "one" };
  const counts = CODES.map((code) => [`n_${code}`, members.filter((member) => member === code).length]);
  return { count: members.length, expansion_zoom: 9, ...Object.fromEntries(counts.filter(([, count]) => count)) };
}

test("under any choice of classes the items count exactly the rows of these classes", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { items, rows } = randomItems(seed);
    const next = random(seed + 1000);
    const chosen = CODES.filter(() => next() < 0.5);
    const kept = recounted(items, "status", chosen);
    const wanted = chosen.length ? rows.filter((code) => chosen.includes(code)) : rows;
    assert.equal(total(kept, null), wanted.length, `seed ${seed}`);
    assert.equal(
      kept.reduce((sum, { count }) => sum + count, 0),
      wanted.length,
    );
    const known = withRest(classCounts(kept, "status"), wanted.length);
    for (const code of chosen) assert.equal(known[code] ?? 0, rows.filter((each) => each === code).length);
    if (chosen.length) assert.equal(known[""], undefined);
  }
});

test("without a choice rows without a class are counted too", () => {
  const { items, rows } = randomItems(5);
  const known = withRest(classCounts(recounted(items, "status", []), "status"), rows.length);
  assert.equal(known[""], rows.filter((code) => code === null).length);
});

test("a cluster keeps its place and its way in, and what has no row of the classes is not drawn", () => {
  const cluster = { id: 9, x: 0.1, y: 0.2, count: 5, properties: { count: 5, n_valid: 4, expansion_zoom: 11 } };
  assert.deepEqual(recounted([cluster], "status", ["valid"]), [
    { ...cluster, count: 4, properties: { expansion_zoom: 11, n_valid: 4, count: 4 } },
  ]);
  assert.deepEqual(recounted([cluster], "status", ["void"]), []);
});

test("the one row that is left of a cluster has its class, and is still no record", () => {
  const cluster = { id: 9, x: 0, y: 0, count: 5, properties: { count: 5, n_valid: 4, n_void: 1 } };
  const [item] = recounted([cluster], "status", ["void"]);
  assert.equal(item.properties.status, "void");
  assert.equal(item.properties.count, 1);
});

test("the picture under a choice does not hang on the one before", () => {
  const { items } = randomItems(7);
  const before = structuredClone(items);
  recounted(items, "status", ["valid"]);
  assert.deepEqual(items, before);
});

const LAYER = {
  style: { class: "status", class_filter: "status", weight: null },
  filters: [
    { name: "province", kind: "code" },
    { name: "status", kind: "code" },
    { name: "valid_until", kind: "dates" },
  ],
};
const STATUS = ["status", ["overdue"]];

test("nationally the page applies the filter of the class itself, beside other filters by codes", () => {
  assert.equal(filterAppliedHere(LAYER, [STATUS], 4), "status");
  assert.equal(filterAppliedHere(LAYER, [STATUS, ["province", ["01"]]], 8), "status");
});

test("nearer, and where counts by class may not be whole, the server applies it", () => {
  assert.equal(filterAppliedHere(LAYER, [STATUS], 9), null);
  for (const other of ["valid_until", "q", "bbox", "within", "on"]) {
    assert.equal(filterAppliedHere(LAYER, [STATUS, [other, ["x"]]], 4), null, other);
  }
});

test("a layer that counts by weight, or whose filter asks for another class than is drawn, leaves it to the server", () => {
  const weighted = { ...LAYER, style: { ...LAYER.style, weight: "devices" } };
  const ofLines = { ...LAYER, style: { ...LAYER.style, class_filter: null } };
  assert.equal(filterAppliedHere(weighted, [STATUS], 4), null);
  assert.equal(filterAppliedHere(ofLines, [STATUS], 4), null);
});
