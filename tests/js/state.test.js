import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyState, filtersOf, format, parse, queryOf, withFilter, withoutFilters } from "../../static/js/state.js";
import { random } from "./random.js";

const DEFAULTS = ["bodies", "sites"];
const LAYERS = ["bodies", "sites", "devices"];
const NAMES = ["status", "kind", "valid_until", "field"];
const SHARED = { province: ["01", "79"], commune: ["00004"], q: ["hoà, cân & 50 % + ô tô?"], within: ["105.8,21,500"] };

function pick(next, list) {
  return list.filter(() => next() < 0.5);
}

function randomState(seed) {
  const next = random(seed);
  const layers = pick(next, LAYERS);
  const filters = {};
  for (const layer of layers) {
    const own = Object.fromEntries(
      pick(next, NAMES).map((name) => [name, ["a", "b_2", "2026-01-01/.."].slice(0, 1 + next() * 3)]),
    );
    if (Object.keys(own).length) filters[layer] = own;
  }
  const zoom = Number((next() * 18).toFixed(2));
  return {
    at:
      next() < 0.7
        ? { zoom, lat: Number((next() * 40 - 10).toFixed(2)) + 0, lon: Number((90 + next() * 40).toFixed(2)) }
        : null,
    layers,
    select: next() < 0.5 ? { layer: "sites", id: Math.floor(next() * 2 ** 53) } : null,
    lang: [null, "vi", "en"][Math.floor(next() * 3)],
    on: next() < 0.3 ? "2026-02-28" : null,
    shared: Object.fromEntries(pick(next, Object.keys(SHARED)).map((name) => [name, SHARED[name]])),
    filters,
  };
}

test("ten thousand random states survive the round trip through the address", () => {
  for (let seed = 1; seed <= 10000; seed++) {
    const state = randomState(seed);
    assert.deepEqual(parse(format(state, DEFAULTS), DEFAULTS), state, `seed ${seed}: ${format(state, DEFAULTS)}`);
  }
});

test("an empty address is the first visit", () => {
  assert.deepEqual(parse("", DEFAULTS), emptyState(DEFAULTS));
  assert.equal(format(emptyState(DEFAULTS), DEFAULTS), "");
});

test("with one layer its filters stand bare, with several they name it", () => {
  const one = { ...emptyState(DEFAULTS), layers: ["sites"], filters: { sites: { status: ["overdue", "due_soon"] } } };
  assert.equal(format(one, DEFAULTS), "?layers=sites&status=overdue,due_soon");
  const two = { ...one, layers: ["bodies", "sites"] };
  assert.equal(format(two, DEFAULTS), "?sites.status=overdue,due_soon");
});

test("nonsense in the address is left out", () => {
  const state = parse("?at=9/x/1&select=../../1&on=yesterday&lang=fr&unshown.status=a", DEFAULTS);
  assert.deepEqual(state, emptyState(DEFAULTS));
});

test("a shared filter applies to every layer, an own one to its layer only", () => {
  let state = withFilter(emptyState(DEFAULTS), "bodies", "province", ["01"]);
  state = withFilter(state, "bodies", "status", ["active"]);
  assert.deepEqual(filtersOf(state, "sites"), [["province", ["01"]]]);
  assert.equal(queryOf(state, "bodies"), "province=01&status=active");
  assert.deepEqual(withoutFilters(state, "bodies"), emptyState(DEFAULTS));
});

test("a search text keeps its comma", () => {
  const state = parse("?q=a%2C%20b", DEFAULTS);
  assert.deepEqual(state.shared.q, ["a, b"]);
});

test("a condition keeps its commas, quotes and signs, and belongs to its layer", () => {
  const said = "status IN ('a','b') AND name LIKE '100 %&+=#'";
  const one = { ...emptyState(DEFAULTS), layers: ["sites"], filters: { sites: { filter: [said] } } };
  assert.deepEqual(parse(format(one, DEFAULTS), DEFAULTS), one);
  assert.equal(new URLSearchParams(queryOf(one, "sites")).get("filter"), said);
  const two = { ...one, layers: ["bodies", "sites"] };
  assert.deepEqual(parse(format(two, DEFAULTS), DEFAULTS), two);
  assert.equal(new URLSearchParams(format(two, DEFAULTS)).get("sites.filter"), said);
  assert.equal(queryOf(two, "bodies"), "");
});
