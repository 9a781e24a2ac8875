import assert from "node:assert/strict";
import { test } from "node:test";

import { isSpared } from "../../static/js/sparing.js";

test("a connection is spared when data are saved or it is slower than 3G", () => {
  assert.equal(isSpared({ saveData: true, effectiveType: "4g" }), true);
  assert.equal(isSpared({ saveData: false, effectiveType: "2g" }), true);
  assert.equal(isSpared({ saveData: false, effectiveType: "slow-2g" }), true);
  assert.equal(isSpared({ saveData: false, effectiveType: "3g" }), false);
  assert.equal(isSpared({ saveData: false }), false);
});

test("a browser that does not tell gets the map", () => {
  assert.equal(isSpared(undefined), false);
});
