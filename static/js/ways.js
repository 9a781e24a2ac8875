// How far and which way one point is from another. Pure.

const EARTH_M = 6371008.8;
const WAYS = [
  ...["way.north", "way.northEast", "way.east", "way.southEast"],
  ...["way.south", "way.southWest", "way.west", "way.northWest"],
];
const radians = (degrees) => (degrees * Math.PI) / 180;

/** {metres, way} from one [lon, lat] to another, by the sphere. `way` is the word of one of the eight winds. */
export function wayTo([lon, lat], [toLon, toLat]) {
  const [a, b, across] = [radians(lat), radians(toLat), radians(toLon - lon)];
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(across / 2) ** 2;
  const angle = Math.atan2(
    Math.sin(across) * Math.cos(b),
    Math.cos(a) * Math.sin(b) - Math.sin(a) * Math.cos(b) * Math.cos(across),
  );
  const way = WAYS[(Math.round(angle / (Math.PI / 4)) + 8) % 8];
  return { metres: 2 * EARTH_M * Math.asin(Math.sqrt(half)), way };
}

/** The nearest of some points to `from`, as `wayTo` has it; null without points. */
export function nearestOf(points, from) {
  const ways = points.map((point) => wayTo(from, point));
  return ways.reduce((least, one) => (least && least.metres <= one.metres ? least : one), null);
}
