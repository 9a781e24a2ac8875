// Switching classes on and off without a request: the counts of a tile by class answer the filter of that class. Pure.

import { CLASS_PREFIX, sum } from "./counts.js";

// Up to here a view is a part of the country made of clusters, whose mean place serves for any of their classes. Nearer
// the few rows of a class are wanted where they stand, and only the server has them.
const LAST_ZOOM = 8;

/**
 * The filter that the page applies itself to a layer's tiles of zoom `z`, or null; `filters` are those in force,
 * [[name, [values]], …]. Needed are exact counts of rows: under filters by codes alone, and of no weighted layer.
 */
export function filterAppliedHere(layer, filters, z) {
  const { class_filter: name, weight } = layer.style;
  if (!name || weight || z > LAST_ZOOM) return null;
  const byCode = new Set(layer.filters.filter(({ kind }) => kind === "code").map((filter) => filter.name));
  return filters.every(([other]) => byCode.has(other)) ? name : null;
}

/** The items of the chosen classes: clusters with the rows of these classes only, none without rows. */
export function recounted(items, classField, chosen) {
  if (!chosen.length) return items;
  const wanted = new Set(chosen);
  return items.map((item) => ofClasses(item, classField, wanted)).filter(Boolean);
}

function ofClasses(item, classField, wanted) {
  const { properties } = item;
  if (properties.count === undefined) return wanted.has(properties[classField]) ? item : null;
  const counts = {};
  for (const code of wanted) if (properties[CLASS_PREFIX + code]) counts[code] = Number(properties[CLASS_PREFIX + code]);
  const count = sum(counts);
  return count ? { ...item, count, properties: withCounts(properties, classField, counts, count) } : null;
}

/** The properties with these counts by class in place of all; one row alone is drawn as the mark of its class. */
function withCounts(properties, classField, counts, count) {
  const changed = {};
  for (const name in properties) if (!name.startsWith(CLASS_PREFIX)) changed[name] = properties[name];
  for (const code in counts) changed[CLASS_PREFIX + code] = counts[code];
  if (count === 1) [changed[classField]] = Object.keys(counts);
  return Object.assign(changed, { count });
}
