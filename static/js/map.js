// The map itself: library, style, first view, and what the rest of the page asks of it.

import { loadSheet } from "./dom.js";
import { language } from "./i18n.js";
import { getJson } from "./request.js";
import { theme } from "./theme.js";

// Of labels on the map, and of the signs in its marks.
const FONTS = ["500", "600", "700", "italic 400"];
const LETTERS = "AĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ";
const MOST_ZOOM = 19;
const LEAST_ZOOM = 2.5;
const COUNTRY_MARGIN = 6;
const AREA_MARGIN = 48;
const AREA_MOST_ZOOM = 16;

/** Whether this browser knows what the map is drawn with. To try it takes as long as to make the map, which throws. */
export function canDraw() {
  return "WebGL2RenderingContext" in window;
}

/** The map in its element, before anything is drawn: that is what its `load` says. `at` is the view of the address;
 *  without it the map shows what the element's data-area says, the bbox that the filters narrow it to, or the country. */
export async function makeMap({ container, catalogue, at, padding }) {
  const [library, style] = await Promise.all([loadLibrary(container.dataset.maplibre), loadStyle(catalogue), loadFonts()]);
  const map = new library.Map({
    container,
    style,
    ...(at ? { center: [at.lon, at.lat], zoom: at.zoom } : {}),
    minZoom: LEAST_ZOOM,
    maxZoom: MOST_ZOOM,
    renderWorldCopies: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    // Labels that fade in are drawn over several frames: without, a filter is there a fifth sooner where no graphics card is.
    fadeDuration: 0,
    locale: { "Map.Title": container.dataset.title },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.setPadding(padding);
  keepCountryInReach(map, catalogue.country);
  map.on("resize", () => keepCountryInReach(map, catalogue.country));
  if (!at) map.fitBounds(...firstView(container.dataset.area, catalogue.country));
  return map;
}

/** In a frame too small for it at the least zoom the whole country, with both archipelagos, is still shown. */
function keepCountryInReach(map, country) {
  const whole = map.cameraForBounds(country, { padding: COUNTRY_MARGIN });
  map.setMinZoom(Math.max(0, Math.min(LEAST_ZOOM, whole?.zoom ?? LEAST_ZOOM)));
}

function firstView(area, country) {
  if (!area) return [country, { padding: COUNTRY_MARGIN, animate: false }];
  return [area.split(",").map(Number), { padding: AREA_MARGIN, maxZoom: AREA_MOST_ZOOM, animate: false }];
}

/** Changes to the style of the theme in force; the sources of the page stay. */
export async function changeStyle(map, catalogue, keep) {
  const style = await loadStyle(catalogue);
  map.setStyle(style, { diff: false });
  await map.once("style.load");
  keep();
}

/** The view as the address says it. */
export function viewOf(map) {
  const { lng, lat } = map.getCenter();
  return { zoom: map.getZoom(), lat, lon: lng };
}

/** Goes to a bbox, with its visible part accounted for by the padding that the map has. */
export function goTo(map, bbox, { maxZoom = AREA_MOST_ZOOM, margin = AREA_MARGIN } = {}) {
  map.fitBounds(bbox, { padding: margin, maxZoom, duration: duration() });
}

/** The whole country with both archipelagos. */
export function showCountry(map, country) {
  map.fitBounds(country, { padding: COUNTRY_MARGIN, duration: duration() });
}

/** Goes to a point; never zooms out. */
export function flyTo(map, center, zoom) {
  map.easeTo({ center, zoom: Math.max(map.getZoom(), zoom), duration: duration() });
}

/** [west, south, east, north] of what is to be seen, without what panels cover. */
export function visibleBounds(map) {
  const { top, right, bottom, left } = map.getPadding();
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const southWest = map.unproject([left, height - bottom]);
  const northEast = map.unproject([width - right, top]);
  return [southWest.lng, southWest.lat, northEast.lng, northEast.lat];
}

export function reducedMotion() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function duration() {
  return reducedMotion() ? 0 : 200;
}

async function loadLibrary(path) {
  const address = new URL(path, location.href);
  const [library] = await Promise.all([import(address), loadSheet(new URL("maplibre-gl.css", address), { below: true })]);
  return library;
}

/** The style of the server without its point layers: the page draws those itself (rings.js). */
async function loadStyle(catalogue) {
  const points = new Set(catalogue.layers.filter((layer) => layer.geometry === "point").map((layer) => layer.id));
  const style = await getJson(`/style.json?lang=${language()}&theme=${theme()}`);
  style.layers = style.layers.filter((layer) => !points.has(layer.metadata?.["map:layer"]));
  style.sources = Object.fromEntries(Object.entries(style.sources).filter(([name]) => !points.has(name)));
  return style;
}

// Labels are drawn from the page's web font: it has to be there before the first one.
function loadFonts() {
  const faces = FONTS.map((face) => `${face} 16px "Be Vietnam Pro"`);
  return Promise.all(faces.map((face) => document.fonts.load(face, LETTERS)));
}
