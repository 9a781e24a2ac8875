// Web Mercator arithmetic. Pure. World units: the whole world is the square 0..1, x to the east, y to the south.

export const TILE_SIZE = 512;
const MAX_LATITUDE = 85.051128779806604;

export function worldX(longitude) {
  return longitude / 360 + 0.5;
}

export function worldY(latitude) {
  const clipped = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude));
  const sine = Math.sin((clipped * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export function longitude(x) {
  return (x - 0.5) * 360;
}

export function latitude(y) {
  return (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;
}

/** Screen pixels per world unit at a zoom. */
export function worldSize(zoom) {
  return TILE_SIZE * 2 ** zoom;
}

/** The tiles {z, x, y} that touch a bbox [west, south, east, north], grown by `margin` pixels on each side. */
export function tilesCovering(bbox, z, margin = 0) {
  const count = 2 ** z;
  const grow = margin / worldSize(z);
  const last = (value) => Math.max(0, Math.min(count - 1, Math.floor(value * count)));
  const [left, right] = [last(worldX(bbox[0]) - grow), last(worldX(bbox[2]) + grow)];
  const [top, bottom] = [last(worldY(bbox[3]) - grow), last(worldY(bbox[1]) + grow)];
  const tiles = [];
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) tiles.push({ z, x, y });
  return tiles;
}

/** The bbox around points {x, y} in world units, as [west, south, east, north] in degrees. */
export function boundsOf(points) {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return [longitude(left), latitude(bottom), longitude(right), latitude(top)];
}

/** The bbox that a view {zoom, lat, lon} shows in so many pixels. */
export function boundsOfView({ zoom, lat, lon }, width, height) {
  const [x, y] = [worldX(lon), worldY(lat)];
  const [across, down] = [width / worldSize(zoom) / 2, height / worldSize(zoom) / 2];
  return [longitude(x - across), latitude(y + down), longitude(x + across), latitude(y - down)];
}

/** The nearest view {zoom, lat, lon} that shows a whole bbox in so many pixels, at most `mostZoom`. */
export function viewOfBounds([west, south, east, north], width, height, mostZoom) {
  const [left, right, top, bottom] = [worldX(west), worldX(east), worldY(north), worldY(south)];
  const room = Math.min(width / (right - left), height / (bottom - top)) / TILE_SIZE;
  return { zoom: Math.min(mostZoom, Math.log2(room)), lat: latitude((top + bottom) / 2), lon: longitude((left + right) / 2) };
}

/** A bbox of `metres` around a point, for asking what stands exactly there. */
export function around([lon, lat], metres) {
  const north = metres / 111320;
  const east = north / Math.cos((lat * Math.PI) / 180);
  return [lon - east, lat - north, lon + east, lat + north];
}

/** Whether a bbox is at most so many metres wide and high. */
export function isSpot([west, south, east, north], metres) {
  const [left, bottom, right, top] = around([(west + east) / 2, (south + north) / 2], metres / 2);
  return left <= west && bottom <= south && east <= right && north <= top;
}

/** [west, south, east, north] of any GeoJSON geometry; null when it has no coordinates. */
export function bboxOfGeometry(geometry) {
  const flat = (geometry?.coordinates ?? []).flat(Infinity);
  if (flat.length < 2) return null;
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    box[0] = Math.min(box[0], flat[index]);
    box[1] = Math.min(box[1], flat[index + 1]);
    box[2] = Math.max(box[2], flat[index]);
    box[3] = Math.max(box[3], flat[index + 1]);
  }
  return box;
}

/** Whether a bbox lies in another one, edges included. */
export function isInside([west, south, east, north], outer) {
  return west >= outer[0] && south >= outer[1] && east <= outer[2] && north <= outer[3];
}

/** The bbox as the five-decimal text of a request (about one metre). */
export function bboxText(bbox) {
  return bbox.map((value) => Number(value.toFixed(5))).join(",");
}
