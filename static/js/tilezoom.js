// Which zoom of tiles a view is drawn from. Pure.

// Clusters stand in cells, 16 × 16 to a tile of an odd zoom, but 8 × 8 to one of an even zoom down to this one. Those are
// so wide on the screen that rings would stand in rows and columns; the next zoom has its cells four times as fine.
const LAST_COARSE_ZOOM = 12;

/** The zoom of the tiles for a view at `zoom`, within those that the layer has, [least, most]. */
export function tileZoom(zoom, [least, most]) {
  const whole = Math.floor(zoom);
  const coarse = whole % 2 === 0 && whole <= LAST_COARSE_ZOOM;
  return Math.max(least, Math.min(most, coarse ? whole + 1 : whole));
}
