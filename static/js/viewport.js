// Where one looks: what the map shows, and before or without a map what the address says.

import { boundsOfView } from "./geometry.js";
import { visibleBounds } from "./map.js";

// From here on the middle of the map is a place that people mean.
const NEAR_ZOOM = 9;

/** [west, south, east, north] of what is looked at. `element` is the map's, drawn or not. */
export function boundsInView({ map, store, catalogue }, element) {
  if (map) return visibleBounds(map);
  const { at } = store.state;
  if (at) return boundsOfView(at, element.clientWidth, element.clientHeight);
  return element.dataset.area?.split(",").map(Number) ?? catalogue.country;
}

/** The middle of it: [lon, lat]. */
export function centreInView(page, element) {
  const [west, south, east, north] = boundsInView(page, element);
  return [(west + east) / 2, (south + north) / 2];
}

/** Whether one looks closely enough for distances from the middle to mean something. */
export function isNear({ map, store }) {
  return (map?.getZoom() ?? store.state.at?.zoom ?? 0) >= NEAR_ZOOM;
}
