// The tiles of one layer of points: fetched, read and kept, for exactly one zoom at a time.

import { total } from "./counts.js";
import { readPoints } from "./mvt.js";
import { isAbort } from "./request.js";
import { blockOf } from "./versions.js";

const KEPT = 400;
/** The layer of a tile that says how much of it is drawn, where that is not all. */
const META = "meta";

export class PointTiles {
  /**
   * `address(tile)` gives a function from a version to the tile's URL under the filters of now; the version null stands
   * for the one that is always fresh. `get(url, {signal})` promises its bytes, null when it is empty. `changed(error)` is
   * called when something came in or failed, `renewed()` when a tile came in whose former state was here. The count of a
   * point is its rows, or the sum of the layer's `weight`.
   */
  constructor({ layer, weight, address, versions, get, changed, renewed = () => {} }) {
    Object.assign(this, { layer, weight, address, versions, get, changed, renewed });
    this.kept = new Map();
    this.wanted = [];
  }

  /** Starts loading what is missing or may have changed of these tiles, and stops what is no longer wanted. */
  want(tiles) {
    this.wanted = tiles.map((tile) => this.#wanted(tile));
    const urls = new Set(this.wanted.map(({ url }) => url));
    for (const [url, entry] of this.kept) if (entry.controller && !urls.has(url)) this.#stop(url, entry);
    this.#forget(urls);
    this.#load();
    this.#ask();
  }

  /** Whether every wanted tile is here, be it in a former state. */
  get here() {
    return this.wanted.every(({ url }) => this.kept.get(url)?.items);
  }

  /** Whether every wanted tile is here as the server has it. */
  get complete() {
    return this.wanted.every((wanted) => !this.versions.isAsked(wanted.block) && this.#isCurrent(wanted));
  }

  /** Whether the filters of now ask for the very tiles that are wanted already. */
  get areTheSame() {
    return this.wanted.every(({ tile, url }) => this.address(tile)(null) === url);
  }

  /** The points of the wanted tiles that are here. */
  get items() {
    return this.wanted.flatMap(({ url }) => this.kept.get(url)?.items ?? []);
  }

  /** The wanted tiles that are here, [{items, meta}]; `meta` is what a tile says of being cut (cut.js), or null. */
  get tiles() {
    return this.wanted.map(({ url }) => this.kept.get(url)).filter((entry) => entry?.items);
  }

  #wanted(tile) {
    const address = this.address(tile);
    return { tile, block: blockOf(tile), address, url: address(null) };
  }

  async #ask() {
    try {
      if (!(await this.versions.need(this.wanted.map(({ block }) => block)))) return;
    } catch (error) {
      return this.changed(error);
    }
    this.#load();
    this.changed(null);
  }

  #load() {
    for (const wanted of this.wanted) {
      if (!this.versions.isFresh(wanted.block) || this.#isCurrent(wanted)) continue;
      const { version } = this.versions.get(wanted.block);
      const entry = this.kept.get(wanted.url);
      if (entry?.controller && entry.coming === version) continue;
      entry?.controller?.abort();
      this.#fetch(wanted, version, entry);
    }
  }

  // Without a version a tile is as new as the moment it was read.
  #isCurrent({ url, block }) {
    const known = this.versions.get(block);
    const entry = this.kept.get(url);
    if (!known || !entry?.items) return false;
    return entry.version === known.version && (known.version !== null || entry.at >= known.at);
  }

  async #fetch({ tile, address, url }, version, before) {
    const controller = new AbortController();
    const entry = { items: null, meta: null, version: null, at: 0, ...before, controller, coming: version };
    this.kept.set(url, entry);
    try {
      const bytes = await this.#bytes(address, version, controller.signal);
      Object.assign(entry, this.#read(bytes, tile), { version, at: this.versions.now(), controller: null });
      if (before?.items) this.renewed();
      this.changed(null);
    } catch (error) {
      if (this.kept.get(url) === entry) this.#stop(url, entry);
      if (!isAbort(error)) this.changed(error);
    }
  }

  /** The server may know a version no longer that it named a moment ago: then the tile as it is now. */
  async #bytes(address, version, signal) {
    try {
      return await this.get(address(version), { signal });
    } catch (error) {
      if (version === null || error.status !== 404) throw error;
      return this.get(address(null), { signal });
    }
  }

  #read(bytes, tile) {
    if (!bytes) return { items: [], meta: null };
    const layers = readPoints(bytes, tile);
    const items = (layers[this.layer] ?? []).map((point) => ({ ...point, count: total([point], this.weight) }));
    return { items, meta: layers[META]?.[0]?.properties ?? null };
  }

  /** What was here before stays in the picture. */
  #stop(url, entry) {
    entry.controller?.abort();
    entry.controller = null;
    if (!entry.items) this.kept.delete(url);
  }

  #forget(urls) {
    for (const url of this.kept.keys()) {
      if (this.kept.size <= KEPT) return;
      if (!urls.has(url)) this.kept.delete(url);
    }
  }
}
