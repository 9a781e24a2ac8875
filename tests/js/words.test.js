import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import en from "../../static/js/words/en.js";
import vi from "../../static/js/words/vi.js";

const SOURCES = new URL("../../static/js/", import.meta.url);
const text = readdirSync(SOURCES)
  .filter((name) => name.endsWith(".js"))
  .map((name) => readFileSync(new URL(name, SOURCES), "utf8"))
  .join("\n");

test("both languages have the same keys, none empty", () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(vi).sort());
  for (const words of [...Object.values(vi), ...Object.values(en)]) assert.ok(words.trim());
});

test("both languages speak of the same values", () => {
  const values = (words) => (words.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(vi)) assert.deepEqual(values(en[key]), values(vi[key]), key);
});

test("Vietnamese is written in composed characters", () => {
  for (const words of Object.values(vi)) assert.equal(words, words.normalize("NFC"));
});

test("every key that is asked for has words, and every word is asked for", () => {
  for (const [, key] of text.matchAll(/\bt\(\s*"([\w.]+)"/g)) assert.ok(key in vi, key);
  for (const key of Object.keys(vi)) assert.ok(text.includes(`"${key}"`), `${key} is never used`);
});

test("no layer is named in JavaScript", () => {
  const names = ["laboratories", "certification_bodies", "measuring_devices", "device_counts", "inspection_sites"];
  for (const name of names) assert.ok(!text.includes(name), name);
});
