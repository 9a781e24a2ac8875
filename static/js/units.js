// A province or commune that is chosen is gone to, unless all of it is in view already.

import { isInside } from "./geometry.js";
import { getJson, isAbort, latest } from "./request.js";

const UNITS = ["commune", "province"];

/** Goes where units are chosen: `bounds()` is the bbox in view, `go(bbox)` moves the map, `failed(error)` hears why not. */
export function followUnits({ store, bounds, go, failed }) {
  const signal = latest();
  store.watch(async (state, before, cause) => {
    if (cause !== "filters" || unitsQuery(state) === unitsQuery(before)) return;
    try {
      const area = await areaOf(state, { signal: signal() });
      if (area && !isInside(area, bounds())) go(area);
    } catch (error) {
      if (!isAbort(error)) failed(error);
    }
  });
}

/** The bbox of the communes or provinces of a state, null where none is chosen. Throws RequestError, or AbortError. */
export async function areaOf(state, options) {
  const query = unitsQuery(state);
  return query ? (await getJson(`/area.json?${query}`, options)).bbox : null;
}

function unitsQuery({ shared }) {
  return UNITS.filter((name) => shared[name]?.length)
    .map((name) => `${name}=${shared[name].join()}`)
    .join("&");
}
