import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf } from "../../static/js/scanned.js";

const here = { origin: "https://map.example.vn", language: "vi" };

test("our own address is opened as it is", () => {
  assert.equal(addressOf("https://map.example.vn/verify?number=A1&on=2026-01-01", here), "/verify?number=A1&on=2026-01-01");
  assert.equal(addressOf("https://map.example.vn/verify/signed#abc.def", here), "/verify/signed#abc.def");
});

test("another's address and a bare number are checked, never opened", () => {
  assert.equal(addressOf(" VILAS 216 ", here), "/verify?number=VILAS+216");
  assert.equal(
    addressOf("https://other.example/verify?number=1", here),
    "/verify?number=https%3A%2F%2Fother.example%2Fverify%3Fnumber%3D1",
  );
  assert.equal(addressOf("javascript:alert(1)", here), "/verify?number=javascript%3Aalert%281%29");
  assert.equal(addressOf("https://map.example.vn/admin/", here), "/verify?number=https%3A%2F%2Fmap.example.vn%2Fadmin%2F");
});

test("an English page goes on in English", () => {
  assert.equal(addressOf("A1", { ...here, language: "en" }), "/verify?number=A1&lang=en");
});
