import assert from "node:assert/strict";
import { test } from "node:test";

import { cutOf } from "../../static/js/cut.js";

const WHOLE = { items: [{ properties: { count: 7 } }, { properties: { name: "one" } }], meta: null };
const cut = (shown, total, total_is) => ({ items: [{ properties: { count: shown } }], meta: { shown, total, total_is } });

test("a view of whole tiles leaves nothing out", () => {
  assert.equal(cutOf([WHOLE, WHOLE]), null);
  assert.equal(cutOf([]), null);
});

test("a tile that says it is whole is no cut", () => {
  assert.equal(cutOf([WHOLE, cut(5, 5, "exact")]), null);
});

test("of a cut view the whole tiles count as well", () => {
  assert.deepEqual(cutOf([WHOLE, cut(10, 40, "exact")]), { shown: 18, total: 48, atLeast: false });
});

test("one tile that knows only a lower bound makes it one for the view", () => {
  assert.deepEqual(cutOf([cut(10, 40, "exact"), cut(3, 3, "at_least")]), { shown: 13, total: 43, atLeast: true });
});
