// The tiles of one layer of points: fetched, read and kept, for exactly one zoom at a time.

import { total } from "./counts.js";
import { readPoints } from "./mvt.js";
import { getBytes, isAbort } from "./request.js";

const KEPT = 400;
// A tile that was read this long ago is asked for again; the server answers 304 when nothing changed.
const FRESH_MS = 120_000;

export class PointTiles {
  /**
   * `address(tile)` gives the URL of a tile; `changed(error)` is called when a tile came in or failed. The count of
   * a point is its rows, or the sum of the layer's `weight`.
   */
  constructor({ layer, weight, address, changed }) {
    Object.assign(this, { layer, weight, address, changed });
    this.kept = new Map();
    this.wanted = [];
  }

  /** Starts loading what is missing of these tiles, and stops what is no longer wanted. */
  want(tiles) {
    this.wanted = tiles.map((tile) => ({ tile, url: this.address(tile) }));
    const urls = new Set(this.wanted.map(({ url }) => url));
    for (const [url, entry] of this.kept) if (!entry.items && !urls.has(url)) entry.controller.abort();
    for (const { tile, url } of this.wanted) this.#need(tile, url);
    this.#forget(urls);
  }

  /** Whether every wanted tile is here. */
  get complete() {
    return this.wanted.every(({ url }) => this.kept.get(url)?.items);
  }

  /** The points of the wanted tiles that are here. */
  get items() {
    return this.wanted.flatMap(({ url }) => this.kept.get(url)?.items ?? []);
  }

  #need(tile, url) {
    const entry = this.kept.get(url);
    const fresh = entry?.items && performance.now() - entry.at < FRESH_MS;
    if (fresh || entry?.loading) return;
    this.#load(tile, url, entry?.items ?? null);
  }

  async #load(tile, url, items) {
    const entry = { controller: new AbortController(), items, loading: true, at: 0 };
    this.kept.set(url, entry);
    try {
      const bytes = await getBytes(url, { signal: entry.controller.signal });
      Object.assign(entry, { items: this.#read(bytes, tile), loading: false, at: performance.now() });
      this.changed(null);
    } catch (error) {
      this.kept.delete(url);
      if (!isAbort(error)) this.changed(error);
    }
  }

  #read(bytes, tile) {
    if (!bytes) return [];
    const points = readPoints(bytes, tile)[this.layer] ?? [];
    return points.map((point) => ({ ...point, count: total([point], this.weight) }));
  }

  #forget(urls) {
    for (const url of this.kept.keys()) {
      if (this.kept.size <= KEPT) return;
      if (!urls.has(url)) this.kept.delete(url);
    }
  }
}
