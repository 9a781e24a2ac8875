// What a cluster says: pure readings of its counts.

const CLASS_PREFIX = "n_";
/** How many steps a ring has: shares are rounded to them, so that few images are drawn. */
export const STEPS = 36;

/** Adds up the class counts of a ring's parts: {code: number}; a single feature counts one for its own class. */
export function classCounts(parts, classField, weight = null) {
  const counts = {};
  for (const { properties } of parts) {
    for (const [code, number] of countsOf(properties, classField, weight)) counts[code] = (counts[code] ?? 0) + number;
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
  const sum = present.reduce((total, code) => total + counts[code], 0);
  if (!sum) return [];
  const rounded = present.map((code) => [code, Math.max(1, Math.round((counts[code] / sum) * steps))]);
  return fitted(rounded, steps);
}

/** The two largest classes of a ring: [[code, number], …]. */
export function largest(counts, number = 2) {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .slice(0, number);
}

function countsOf(properties, classField, weight) {
  const named = Object.entries(properties).filter(([name]) => name.startsWith(CLASS_PREFIX));
  if (named.length) return named.map(([name, number]) => [name.slice(CLASS_PREFIX.length), Number(number)]);
  const code = properties[classField];
  return code ? [[code, numberOf(properties, weight)]] : [];
}

function numberOf(properties, weight) {
  return Number((weight ? properties[weight] : null) ?? properties.count ?? 1);
}

// Rounding may give a step too many or too few: the largest share takes or gives it.
function fitted(rounded, steps) {
  const over = rounded.reduce((sum, [, step]) => sum + step, 0) - steps;
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
