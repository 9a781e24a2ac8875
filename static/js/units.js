// What an address is narrowed to (communes, provinces, a circle, a box) is gone to, unless all of it is in view already.

import { isInside } from "./geometry.js";
import { getJson, isAbort, latest } from "./request.js";

const NARROWING = ["commune", "province", "within", "bbox"];

/** Finds the area of a state, one question at a time: a newer one, or a wish to stay, ends the one before. */
export class AreaFinder {
  #signal = latest();

  /** The bbox of what a state is narrowed to; null where it is not, undefined once that is no longer asked. Throws RequestError. */
  async of(state) {
    const signal = this.#signal();
    const query = narrowing(state);
    try {
      const area = query ? (await getJson(`/area.json?${query}`, { signal })).bbox : null;
      return signal.aborted ? undefined : area;
    } catch (error) {
      if (isAbort(error)) return undefined;
      throw error;
    }
  }

  /** Whoever looks elsewhere by hand is not taken along. */
  stay() {
    this.#signal();
  }
}

/** Goes where units are chosen: `bounds()` is the bbox in view, `go(bbox)` moves the map, `failed(error)` hears why not. */
export function followUnits({ store, finder, bounds, go, failed }) {
  store.watch(async (state, before, cause) => {
    if (cause !== "filters" || narrowing(state) === narrowing(before)) return;
    try {
      const area = await finder.of(state);
      if (area && !isInside(area, bounds())) go(area);
    } catch (error) {
      failed(error);
    }
  });
}

/** What narrows a state, as a query; "" for nothing. */
export function narrowing({ shared }) {
  const given = NARROWING.filter((name) => shared[name]?.length);
  return given.map((name) => `${name}=${shared[name].map(encodeURIComponent).join()}`).join("&");
}
