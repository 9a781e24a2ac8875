import assert from "node:assert/strict";
import { test } from "node:test";

import { PointTiles } from "../../static/js/pointtiles.js";
import { FRESH_MS, Versions } from "../../static/js/versions.js";
import { tile } from "./tile.js";

const HERE = { z: 5, x: 25, y: 14 };
const THERE = { z: 5, x: 26, y: 14 };

/** A server with one count in all its tiles, that knows the tiles of its present version only. */
class Server {
  constructor() {
    Object.assign(this, { count: 10, version: "v1", asked: [], failing: false, clock: 0 });
  }

  async versions(blocks) {
    this.asked.push("versions");
    if (this.failing) throw new Error("no versions");
    return Object.fromEntries(blocks.map((block) => [block, this.version]));
  }

  async get(url, { signal }) {
    this.asked.push(url);
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal.throwIfAborted();
    const version = /^\/tiles\/a\/(v\d+)\//.exec(url)?.[1];
    if (version && version !== this.version) throw Object.assign(new Error("gone"), { status: 404 });
    return tile({ a: [{ id: 1, at: [5, 5], properties: { count: this.count } }] });
  }

  change(count) {
    this.count = count;
    this.version = `v${Number(this.version.slice(1)) + 1}`;
  }
}

function tilesOf(server, { query = () => "" } = {}) {
  const heard = { renewed: 0, errors: [] };
  const tiles = new PointTiles({
    layer: "a",
    weight: null,
    address: ({ z, x, y }) => {
      const asked = query();
      return (version) => `/tiles/a/${version === null ? "" : `${version}/`}${z}/${x}/${y}.mvt${asked}`;
    },
    versions: new Versions({ ask: (blocks) => server.versions(blocks), now: () => server.clock }),
    get: (url, options) => server.get(url, options),
    changed: (error) => error && heard.errors.push(error),
    renewed: () => heard.renewed++,
  });
  return { tiles, heard };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
const counts = (tiles) => tiles.items.map(({ count }) => count);

/** Waits until nothing is under way for these tiles. */
async function settled(tiles) {
  const isBusy = () => tiles.versions.asked.size || [...tiles.kept.values()].some(({ controller }) => controller);
  do await pause();
  while (isBusy());
}

async function seen(tiles, wanted) {
  tiles.want(wanted);
  await settled(tiles);
  return counts(tiles);
}

test("a view asks for its versions once and for each tile at the address of its version", async () => {
  const server = new Server();
  const { tiles } = tilesOf(server);
  assert.deepEqual(await seen(tiles, [HERE, THERE]), [10, 10]);
  assert.ok(tiles.complete);
  assert.deepEqual(server.asked, ["versions", "/tiles/a/v1/5/25/14.mvt", "/tiles/a/v1/5/26/14.mvt"]);
});

test("the same view again asks for nothing, and later for versions only", async () => {
  const server = new Server();
  const { tiles, heard } = tilesOf(server);
  await seen(tiles, [HERE]);
  server.asked = [];
  await seen(tiles, [HERE]);
  assert.deepEqual(server.asked, []);
  server.clock = FRESH_MS;
  await seen(tiles, [HERE]);
  assert.deepEqual(server.asked, ["versions"]);
  assert.equal(heard.renewed, 0);
});

test("a change is seen as soon as the view is looked at again, the former state standing until then", async () => {
  const server = new Server();
  const { tiles, heard } = tilesOf(server);
  await seen(tiles, [HERE]);
  server.change(11);
  server.clock = FRESH_MS;
  tiles.want([HERE]);
  assert.deepEqual(counts(tiles), [10]);
  assert.ok(tiles.here && !tiles.complete);
  await settled(tiles);
  assert.deepEqual(counts(tiles), [11]);
  assert.ok(tiles.complete);
  assert.equal(heard.renewed, 1);
});

test("a version that the server has left behind leads to the tile as it is now", async () => {
  const server = new Server();
  const { tiles, heard } = tilesOf(server);
  const answered = server.versions;
  server.versions = async (blocks) => Object.fromEntries(blocks.map((block) => [block, "v0"]));
  assert.deepEqual(await seen(tiles, [THERE]), [10]);
  assert.equal(server.asked.at(-1), "/tiles/a/5/26/14.mvt");
  server.versions = answered;
  server.clock = FRESH_MS;
  assert.deepEqual(await seen(tiles, [THERE]), [10]);
  assert.deepEqual(heard.errors, []);
});

test("without versions tiles come from the address that is always fresh, and are read again later", async () => {
  const server = new Server();
  server.failing = true;
  const { tiles, heard } = tilesOf(server);
  assert.deepEqual(await seen(tiles, [HERE]), [10]);
  server.count = 12;
  server.clock = FRESH_MS;
  assert.deepEqual(await seen(tiles, [HERE]), [12]);
  assert.deepEqual(server.asked, ["versions", "/tiles/a/5/25/14.mvt", "versions", "/tiles/a/5/25/14.mvt"]);
  assert.deepEqual(heard.errors, []);
});

test("tiles of another filter do not join the picture, and those of the former one are stopped", async () => {
  const server = new Server();
  let query = "";
  const { tiles, heard } = tilesOf(server, { query: () => query });
  tiles.want([HERE]);
  await new Promise((resolve) => setTimeout(resolve, 0));
  query = "?q=x";
  server.count = 3;
  assert.deepEqual(await seen(tiles, [HERE]), [3]);
  assert.equal(tiles.kept.size, 1);
  assert.deepEqual(heard.errors, []);
});

test("a tile that cannot be had is told, and asked for again when the view is", async () => {
  const server = new Server();
  const { tiles, heard } = tilesOf(server);
  const { get } = server;
  server.get = async () => {
    throw Object.assign(new Error("no"), { status: 503 });
  };
  await seen(tiles, [HERE]);
  assert.equal(heard.errors.length, 1);
  assert.ok(!tiles.here && !tiles.complete);
  server.get = get;
  assert.deepEqual(await seen(tiles, [HERE]), [10]);
});

test("what a tile says of being cut is kept with it and is no feature", async () => {
  const server = new Server();
  server.get = async () =>
    tile({
      a: [{ id: 1, at: [5, 5], properties: { count: 8 } }],
      meta: [{ id: 1, at: [2048, 2048], properties: { shown: 8, total: 20, total_is: "exact" } }],
    });
  const { tiles } = tilesOf(server);
  assert.deepEqual(await seen(tiles, [HERE]), [8]);
  assert.deepEqual(tiles.tiles[0].meta, { shown: 8, total: 20, total_is: "exact" });
});

test("loading that was stopped says so once and asks for no tile, until the tiles are wanted again", async () => {
  const server = new Server();
  const { tiles, heard } = tilesOf(server);
  const { versions } = server;
  server.versions = async () => {
    throw Object.assign(new Error("stopped"), { stopped: true });
  };
  tiles.want([HERE, THERE]);
  await settled(tiles);
  assert.deepEqual([server.asked, heard.errors.map(({ stopped }) => stopped), tiles.complete], [[], [true], false]);
  server.versions = versions;
  tiles.want([HERE, THERE]);
  await settled(tiles);
  assert.ok(tiles.complete);
});
