// The state of the map as the query of its address, and back. Pure.
//
//   ?at=zoom/lat/lon&layers=a,b&select=layer/id&lang=en&on=2026-11-22 then filters: with one layer they stand bare
//   (status=overdue,due_soon), with several as layer.filter=; shared ones stand bare and apply to all.

export const SHARED = ["province", "commune", "bbox", "within", "q"];
const OWN = ["at", "layers", "select", "lang", "on"];
const SINGLE_VALUED = new Set(["bbox", "within", "q", "filter", "competence"]);

/** A state with nothing chosen: the layers of a first visit, no filter, the whole country. */
export function emptyState(defaults) {
  return { at: null, layers: [...defaults], select: null, lang: null, on: null, shared: {}, filters: {} };
}

/** The state that a query string says; `defaults` are the layers of a first visit. Nonsense is left out. */
export function parse(search, defaults) {
  const query = new URLSearchParams(search);
  const layers = query.has("layers") ? list(query.get("layers")) : [...defaults];
  return {
    at: parseAt(query.get("at")),
    layers,
    select: parseSelect(query.get("select")),
    lang: ["vi", "en"].includes(query.get("lang")) ? query.get("lang") : null,
    on: /^\d{4}-\d{2}-\d{2}$/.test(query.get("on") ?? "") ? query.get("on") : null,
    ...parseFilters(query, layers),
  };
}

/** The query string (with its ?, or empty) of a state; the order is always the same. */
export function format(state, defaults) {
  const parts = [];
  const add = (name, value) => parts.push(`${encode(name)}=${encode(value)}`);
  if (state.at) add("at", formatAt(state.at));
  if (state.layers.join() !== defaults.join()) add("layers", state.layers.join());
  if (state.select) add("select", `${state.select.layer}/${state.select.id}`);
  if (state.lang) add("lang", state.lang);
  if (state.on) add("on", state.on);
  for (const [name, values] of filterParameters(state)) add(name, values.join());
  return parts.length ? `?${parts.join("&")}` : "";
}

/** The filters that one layer is asked with: [[name, [values]], …], shared ones first. */
export function filtersOf(state, layer) {
  const own = Object.entries(state.filters[layer] ?? {}).sort(byName);
  const on = state.on ? [["on", [state.on]]] : [];
  return [...sharedFilters(state), ...own, ...on].filter(([, values]) => values.length);
}

/** The same as a query string without ?, for tiles, items, facets and lists; `without` names a filter to leave out. */
export function queryOf(state, layer, { without = null } = {}) {
  return filtersOf(state, layer)
    .filter(([name]) => name !== without)
    .map(([name, values]) => `${encode(name)}=${encode(values.join())}`)
    .join("&");
}

/** How many filters apply to a layer. */
export function filterCount(state, layer) {
  return filtersOf(state, layer).filter(([name]) => name !== "on").length;
}

/** The state with one filter set to `values`; none removes it. */
export function withFilter(state, layer, name, values) {
  if (SHARED.includes(name)) return { ...state, shared: replaced(state.shared, name, values) };
  const own = replaced(state.filters[layer] ?? {}, name, values);
  const filters = { ...state.filters, [layer]: own };
  if (!Object.keys(own).length) delete filters[layer];
  return { ...state, filters };
}

/** The state without the filters that apply to a layer. */
export function withoutFilters(state, layer) {
  const filters = { ...state.filters };
  delete filters[layer];
  return { ...state, shared: {}, filters };
}

/** The values that a filter of a layer has now. */
export function valuesOf(state, layer, name) {
  return (SHARED.includes(name) ? state.shared[name] : state.filters[layer]?.[name]) ?? [];
}

function replaced(filters, name, values) {
  const result = { ...filters, [name]: values };
  if (!values.length) delete result[name];
  return result;
}

function sharedFilters(state) {
  return SHARED.filter((name) => state.shared[name]?.length).map((name) => [name, state.shared[name]]);
}

function filterParameters(state) {
  const bare = state.layers.length === 1;
  const own = state.layers.flatMap((layer) =>
    Object.entries(state.filters[layer] ?? {})
      .sort(byName)
      .map(([name, values]) => [bare ? name : `${layer}.${name}`, values]),
  );
  return [...sharedFilters(state), ...own];
}

function parseFilters(query, layers) {
  const shared = {};
  const filters = {};
  for (const [name, text] of query) {
    if (OWN.includes(name) || !text) continue;
    if (SHARED.includes(name)) shared[name] = values(name, text);
    else keepOwn(filters, layers, name, text);
  }
  return { shared, filters };
}

function keepOwn(filters, layers, name, text) {
  const dot = name.indexOf(".");
  const layer = dot < 0 ? layers[0] : name.slice(0, dot);
  const filter = name.slice(dot + 1);
  if (dot < 0 && layers.length !== 1) return;
  if (layers.includes(layer)) (filters[layer] ??= {})[filter] = values(filter, text);
}

function values(name, text) {
  return SINGLE_VALUED.has(name) ? [text] : list(text);
}

function list(text) {
  return [...new Set(text.split(",").filter(Boolean))];
}

function parseAt(text) {
  const numbers = (text ?? "").split("/").map(Number);
  if (numbers.length !== 3 || !text || !numbers.every(Number.isFinite)) return null;
  const [zoom, lat, lon] = numbers;
  const inside = zoom >= 0 && zoom <= 24 && Math.abs(lat) <= 85.06 && Math.abs(lon) <= 180;
  return inside ? { zoom, lat, lon } : null;
}

/** Two decimals of zoom, and as many of degrees as the zoom can show. */
export function formatAt({ zoom, lat, lon }) {
  const digits = Math.max(2, Math.min(6, Math.ceil(zoom / 3) + 1));
  return [Number(zoom.toFixed(2)), Number(lat.toFixed(digits)), Number(lon.toFixed(digits))].join("/");
}

function parseSelect(text) {
  const match = /^([a-z][a-z0-9_]*)\/(\d+)$/.exec(text ?? "");
  const id = Number(match?.[2]);
  return match && Number.isSafeInteger(id) ? { layer: match[1], id } : null;
}

function byName([a], [b]) {
  return a < b ? -1 : 1;
}

// Commas and slashes are legal in a query and keep the address readable.
function encode(text) {
  return encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
}
