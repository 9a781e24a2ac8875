import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { dayInWords, headlineOf, readToken, signOf, verdictOf, writtenIn } from "../../static/js/signedtoken.js";

const subtle = webcrypto.subtle;
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

async function signed(payload) {
  const { privateKey, publicKey } = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const content = base64url(JSON.stringify({ v: 1, kid: "k1", ...payload }));
  const signature = await subtle.sign("Ed25519", privateKey, new TextEncoder().encode(content));
  const x = base64url(await subtle.exportKey("raw", publicKey));
  return { token: `${content}.${base64url(signature)}`, keys: [{ kty: "OKP", crv: "Ed25519", kid: "k1", x }] };
}

test("a token that was signed with a published key is good and says what was signed", async () => {
  const { token, keys } = await signed({ n: "VILAS 5001", a: "valid", b: "Trung tâm Đo lường" });
  const read = readToken(token);
  assert.equal(read.payload.b, "Trung tâm Đo lường");
  assert.equal(await verdictOf(read, keys, subtle), "good");
});

test("a changed payload, a changed signature and another's key do not hold", async () => {
  const { token, keys } = await signed({ n: "1", a: "ended" });
  const [, signature] = token.split(".");
  const forged = `${base64url(JSON.stringify({ v: 1, kid: "k1", n: "1", a: "valid" }))}.${signature}`;
  assert.equal(await verdictOf(readToken(forged), keys, subtle), "broken");
  const turned = token.slice(0, -4) + (token.at(-4) === "A" ? "B" : "A") + token.slice(-3);
  assert.equal(await verdictOf(readToken(turned), keys, subtle), "broken");
  const other = await signed({ n: "1" });
  assert.equal(await verdictOf(readToken(token), other.keys, subtle), "broken");
});

test("a key that is not published is a stranger's, whatever the signature", async () => {
  const { token } = await signed({ n: "1" });
  assert.equal(await verdictOf(readToken(token), [], subtle), "stranger");
});

test("what is no token is none", () => {
  const content = base64url(JSON.stringify({ v: 1 }));
  for (const text of ["", "abc", "a.b.c", `${content}`, `${content}.`, ".abc", "é.abc", `${base64url("[]")}.abc`]) {
    assert.equal(readToken(text), null, text);
  }
  assert.equal(readToken(`${base64url(JSON.stringify({ v: 2 }))}.abcd`), null);
  assert.equal(readToken(`${"a".repeat(5000)}.abcd`), null);
});

test("a copy that was cut off anywhere is no whole one, and never a changed one", async () => {
  const { token, keys } = await signed({ n: "VILAS 5001", a: "valid" });
  for (let length = 1; length < token.length; length++) assert.equal(readToken(token.slice(0, length)), null, length);
  assert.equal(await verdictOf(readToken(token), keys, subtle), "good");
});

test("what stands behind the # is read, and where a sign of it was lost nothing is", () => {
  assert.equal(writtenIn(""), "");
  assert.equal(writtenIn("#"), "");
  assert.equal(writtenIn("#a%2Eb"), "a.b");
  assert.equal(writtenIn("#%"), null);
  assert.equal(writtenIn("#abc%E2"), null);
});

test("a browser without Ed25519 says so", async () => {
  const { token, keys } = await signed({ n: "1" });
  const old = { importKey: () => Promise.reject(new Error("NotSupportedError")) };
  assert.equal(await verdictOf(readToken(token), keys, old), "unable");
});

test("each answer has its tone and mark, days are written as readers write them", () => {
  assert.deepEqual(signOf({ a: "valid" }), ["valid", "✓"]);
  assert.deepEqual(signOf({ a: "ended", s: "suspended" }), ["suspended", "‖"]);
  assert.deepEqual(signOf({ a: "ended", s: "withdrawn" }), ["expired", "×"]);
  assert.deepEqual(signOf({ a: "ended", s: "overdue" }), ["overdue", "!"]);
  assert.deepEqual(signOf({ a: "ended", s: "overdue", newer: "2027-01-01" }), ["expired", "×"]);
  assert.equal(headlineOf({ a: "ended", s: "overdue" }), "overdue");
  assert.equal(headlineOf({ a: "ended", s: "overdue", newer: "2027-01-01" }), "newer");
  assert.equal(headlineOf({ a: "not_for_item", r: "not_designated" }), "not_designated");
  assert.equal(headlineOf({ a: "not_for_item", r: "no_line" }), "not_for_item");
  assert.deepEqual(signOf({ a: "not_in_register" }), ["unknown", "○"]);
  assert.equal(dayInWords("2026-11-22"), "22/11/2026");
  assert.equal(dayInWords("VILAS"), "VILAS");
});
