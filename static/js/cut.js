// What a view leaves undrawn where a question is too wide for a tile to answer whole. Pure.

const AT_LEAST = "at_least";

/**
 * {shown, total, atLeast} over the tiles of a view, [{items, meta}], or null where everything is drawn; `meta` is what
 * a tile says of itself: {shown, total, total_is}.
 */
export function cutOf(tiles) {
  const cut = tiles.filter(({ meta }) => meta && (meta.shown < meta.total || meta.total_is === AT_LEAST));
  if (!cut.length) return null;
  const whole = tiles.filter((tile) => !cut.includes(tile)).flatMap(({ items }) => items);
  const drawn = whole.reduce((sum, { properties }) => sum + Number(properties.count ?? 1), 0);
  const sumOf = (name) => cut.reduce((sum, { meta }) => sum + Number(meta[name]), drawn);
  return { shown: sumOf("shown"), total: sumOf("total"), atLeast: cut.some(({ meta }) => meta.total_is === AT_LEAST) };
}
