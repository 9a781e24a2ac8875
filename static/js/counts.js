// What a cluster says: pure readings of its counts.

export const CLASS_PREFIX = "n_";
/** Stand among the codes for rows without a class, and for the rest of a list: no layer has such codes. */
export const NONE = "";
export const OTHER = "…";
/** How many steps a ring has: shares are rounded to them, so that few images are drawn. */
export const STEPS = 36;

/** How many rows of each class a ring's parts have, {code: number}; a single feature counts one for its own class. */
export function classCounts(parts, classField) {
  const counts = {};
  for (const { properties } of parts) {
    for (const [code, number] of countsOf(properties, classField)) counts[code] = (counts[code] ?? 0) + number;
  }
  return counts;
}

/** The number that a ring shows: its rows, or the sum of the layer's weight. */
export function total(parts, weight) {
  return parts.reduce((sum, { properties }) => sum + numberOf(properties, weight), 0);
}

/** Shares of a ring in the order of the codes, in 36ths; classes that are no code come last, each gets at least one step. */
export function shares(counts, codes, steps = STEPS) {
  const others = Object.keys(counts).filter((code) => !codes.includes(code));
  const present = [...codes, ...others.sort()].filter((code) => counts[code] > 0);
  const whole = present.reduce((total, code) => total + counts[code], 0);
  if (!whole) return [];
  const rounded = present.map((code) => [code, Math.max(1, Math.round((counts[code] / whole) * steps))]);
  return fitted(rounded, steps);
}

/** The counts with what has no class under the code NONE, so that they add up to the whole. */
export function withRest(counts, whole) {
  const rest = whole - sum(counts);
  return rest > 0 ? { ...counts, [NONE]: rest } : counts;
}

/**
 * The classes of a ring that occur, the largest first: [[code, number], …]. Of more than `most` the last ones are one
 * part under the code OTHER, so that the parts add up.
 */
export function bySize(counts, most) {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
  if (parts.length <= most) return parts;
  const [shown, others] = [parts.slice(0, most - 1), parts.slice(most - 1)];
  return [...shown, [OTHER, sum(Object.fromEntries(others))]];
}

export function sum(counts) {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function countsOf(properties, classField) {
  const named = Object.entries(properties).filter(([name]) => name.startsWith(CLASS_PREFIX));
  if (named.length) return named.map(([name, number]) => [name.slice(CLASS_PREFIX.length), Number(number)]);
  const code = properties[classField];
  return code ? [[code, 1]] : [];
}

function numberOf(properties, weight) {
  return Number((weight ? properties[weight] : null) ?? properties.count ?? 1);
}

// Rounding may give a step too many or too few: the largest share takes or gives it.
function fitted(rounded, steps) {
  const over = rounded.reduce((all, [, step]) => all + step, 0) - steps;
  const most = rounded.reduce((best, entry) => (entry[1] > best[1] ? entry : best));
  return rounded.map((entry) => (entry === most ? [entry[0], entry[1] - over] : entry));
}

/** The same counts by colour: classes that share one are one part of the ring. `colourOf(code)` names it. */
export function byColour(counts, colourOf) {
  const sums = {};
  for (const [code, number] of Object.entries(counts)) {
    const colour = colourOf(code);
    sums[colour] = (sums[colour] ?? 0) + number;
  }
  return sums;
}
