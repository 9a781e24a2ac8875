import assert from "node:assert/strict";
import { test } from "node:test";

import { addDays, date, distance, full, percent, ring, short } from "../../static/js/numbers.js";

test("numbers are written as readers of each language write them", () => {
  assert.equal(full(1234567, "vi"), "1.234.567");
  assert.equal(full(1234567, "en"), "1,234,567");
  assert.equal(percent(0.035, "vi"), "3,5 %");
});

test("short numbers in text say thousand and million", () => {
  assert.equal(short(999, "vi"), "999");
  assert.equal(short(1234, "vi"), "1,2 nghìn");
  assert.equal(short(3400000, "vi"), "3,4 triệu");
  assert.equal(short(3400000, "en"), "3.4M");
});

test("numbers in rings stay narrow", () => {
  assert.equal(ring(12345, "vi"), "12k");
  assert.equal(ring(3400000, "vi"), "3,4tr");
  assert.equal(ring(12345, "en"), "12k");
  assert.equal(ring(3400000, "en"), "3.4M");
  assert.equal(ring(9960, "vi"), "10k");
  assert.equal(ring(999700, "vi"), "1tr");
  for (let number = 1; number < 1e8; number = Math.ceil(number * 1.37)) {
    assert.ok(ring(number, "vi").length <= 5, `${number}: ${ring(number, "vi")}`);
  }
});

test("days are ISO in data and dd/mm/yyyy on pages", () => {
  assert.equal(date("2026-11-22"), "22/11/2026");
  assert.equal(date(null), "");
  assert.equal(addDays("2026-12-15", 30), "2027-01-14");
  assert.equal(addDays("2024-02-28", 1), "2024-02-29");
});

test("distances lose the digits that nobody needs", () => {
  assert.equal(distance(847, "vi"), "850 m");
  assert.equal(distance(2345, "vi"), "2,3 km");
  assert.equal(distance(41234, "vi"), "41 km");
});
