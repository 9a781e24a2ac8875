import assert from "node:assert/strict";
import { test } from "node:test";

import { blockOf, FRESH_MS, Versions } from "../../static/js/versions.js";

function server(answers) {
  const asked = [];
  const ask = async (blocks) => {
    asked.push(blocks);
    return answers(blocks);
  };
  return { asked, ask };
}

const clock = () => {
  const read = () => read.at;
  read.at = 0;
  return read;
};
const all = (version) => (blocks) => Object.fromEntries(blocks.map((block) => [block, version]));

test("a tile down to zoom 12 is a block of its own, deeper ones share that of their ancestor", () => {
  assert.equal(blockOf({ z: 0, x: 0, y: 0 }), "0/0/0");
  assert.equal(blockOf({ z: 12, x: 3251, y: 1803 }), "12/3251/1803");
  assert.equal(blockOf({ z: 13, x: 6503, y: 3606 }), "12/3251/1803");
  assert.equal(blockOf({ z: 16, x: 65535, y: 65535 }), "12/4095/4095");
});

test("all blocks of a view are asked for in one request, and once", async () => {
  const { asked, ask } = server(all("v1"));
  const versions = new Versions({ ask, now: clock() });
  const both = [versions.need(["5/1/1", "5/1/2", "5/1/1"]), versions.need(["5/1/2", "5/1/1"])];
  assert.ok(versions.isAsked("5/1/1"));
  assert.deepEqual(await Promise.all(both), [true, false]);
  assert.equal(await versions.need(["5/1/1"]), false);
  assert.deepEqual(asked, [["5/1/1", "5/1/2"]]);
  assert.equal(versions.get("5/1/2").version, "v1");
});

test("a walk asks only for the blocks that are new, until the others are no longer fresh", async () => {
  const { asked, ask } = server(all("v1"));
  const now = clock();
  const versions = new Versions({ ask, now });
  await versions.need(["5/1/1", "5/1/2"]);
  await versions.need(["5/1/2", "5/1/3"]);
  now.at = FRESH_MS;
  await versions.need(["5/1/2", "5/1/3"]);
  assert.deepEqual(asked, [["5/1/1", "5/1/2"], ["5/1/3"], ["5/1/2", "5/1/3"]]);
  assert.equal(versions.get("5/1/1"), undefined);
});

test("where no version can be had there is none, and it is asked for again later", async () => {
  let fails = true;
  const versions = new Versions({
    now: clock(),
    ask: async (blocks) => {
      if (fails) throw new Error("no answer");
      return { [blocks[0]]: "v2" };
    },
  });
  await versions.need(["5/1/1"]);
  assert.equal(versions.get("5/1/1").version, null);
  assert.ok(versions.isFresh("5/1/1") && !versions.isAsked("5/1/1"));
  fails = false;
  versions.now.at = FRESH_MS;
  await versions.need(["5/1/1", "5/1/2"]);
  assert.equal(versions.get("5/1/1").version, "v2");
  assert.equal(versions.get("5/1/2").version, null);
});
