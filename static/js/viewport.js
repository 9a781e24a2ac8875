// Where one looks: what the map shows, and before or without a map what the address says.

import { boundsOfView } from "./geometry.js";
import { visibleBounds } from "./map.js";
import { narrowing } from "./units.js";

// From here on the middle of the map is a place that people mean.
const NEAR_ZOOM = 9;

/** [west, south, east, north] of what is looked at. `element` is the map's, drawn or not: where it is not, it has no
 *  size of its own but that of what it would fill. */
export function boundsInView({ map, store, catalogue, opened }, element) {
  if (map) return visibleBounds(map);
  const { at } = store.state;
  const { clientWidth, clientHeight } = element.parentElement;
  if (at) return boundsOfView(at, clientWidth, clientHeight);
  // The server has said how far that goes only of what the page was opened with.
  const known = narrowing(store.state) === narrowing(opened);
  return (known && element.dataset.area?.split(",").map(Number)) || catalogue.country;
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
