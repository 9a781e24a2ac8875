import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, highlighted } from "../../static/js/fold.js";

test("text is folded without accents", () => {
  assert.equal(fold("Đồng hồ nước lạnh"), "dong ho nuoc lanh");
  assert.equal(fold(undefined), "");
});

test("what was typed is marked, accents or not", () => {
  assert.deepEqual(highlighted("Phường Cửa Nam", "cua nam"), [
    ["Phường ", false],
    ["Cửa", true],
    [" ", false],
    ["Nam", true],
  ]);
  assert.deepEqual(highlighted("Thành", "ha"), [["Thành", false]]);
  assert.deepEqual(highlighted("Huế", "xyz"), [["Huế", false]]);
});
