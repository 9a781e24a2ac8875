// Wires the map page; every concern is a module of its own.

import { followAddress } from "./address.js";
import { announcer } from "./announce.js";
import { Areas } from "./areas.js";
import { isPoint, loadCatalogue } from "./catalogue.js";
import { wireControls } from "./controls.js";
import { wireCredits } from "./credits.js";
import { fill } from "./dom.js";
import { EmptyView } from "./emptyview.js";
import { wireFirstPaint } from "./firstpaint.js";
import { bboxOfGeometry, viewOfBounds } from "./geometry.js";
import { Here } from "./here.js";
import { language, t } from "./i18n.js";
import { wireLayersPanel } from "./layerspanel.js";
import { Later } from "./later.js";
import { wireLegend } from "./legend.js";
import { canDraw, changeStyle, flyTo, goTo, makeMap, showCountry, viewOf, visibleBounds } from "./map.js";
import "./page.js";
import { Pointing } from "./pointing.js";
import { errorBox } from "./errorbox.js";
import { Results } from "./results.js";
import { Rings } from "./rings.js";
import { Search } from "./search.js";
import { Selection } from "./selection.js";
import { Sheet } from "./sheet.js";
import { wireNarrowHeader } from "./narrowheader.js";
import { RequestError } from "./request.js";
import { parse } from "./state.js";
import { notices, trouble, wireLoadingBar } from "./status.js";
import { isSpared } from "./sparing.js";
import { Store } from "./store.js";
import { wireSummary } from "./summary.js";
import { wireTabs } from "./tabs.js";
import { watchTheme } from "./theme.js";
import { AreaFinder, followUnits } from "./units.js";
import { ViewCounts } from "./viewcounts.js";
import { boundsInView, centreInView, isNear } from "./viewport.js";

const SELECTED_ZOOM = 12;
const HERE_ZOOM = 16;
const find = (selector) => document.querySelector(selector);

async function start() {
  wireLoadingBar(find("#loading"), find("#stop-loading"));
  const page = { announce: announcer(find("#spoken")), notice: notices(find("#notice")) };
  try {
    page.catalogue = await loadCatalogue(language());
  } catch (error) {
    return fill(
      find("#panel-layers"),
      errorBox(error, () => location.reload()),
    );
  }
  wirePanels(page);
  if (!canDraw()) return explainNoMap(page);
  const spared = isSpared(navigator.connection);
  if (spared) await mapAsked(page);
  await painted();
  try {
    await wireMap(page);
    if (spared) page.announce(t("map.opened"));
  } catch (error) {
    explainNoMap(page, error instanceof RequestError ? "failed" : "unable");
    throw error;
  }
}

/** Resolves once the page has been painted as it is: a map takes the processor for a while. */
function painted() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}

/** Everything that works without a map: tabs, filters, list, search, record. */
function wirePanels(page) {
  const { catalogue, announce, notice } = page;
  const defaults = catalogue.defaults;
  const store = (page.store = new Store(knownState(parse(location.search, defaults), catalogue)));
  page.opened = store.state;
  page.finder = new AreaFinder();
  const view = (page.view = new Store({ tab: "layers", chosen: store.state.layers[0] ?? null }));
  followAddress({ store, defaults });
  keepChosen(store, view);
  page.share = () => share({ store, view, defaults }, notice);
  const results = (page.results = new Results({ catalogue, store, view }));
  const here = (page.here = new Here());
  const drawn = (page.drawn = new Store({ cuts: {} }));
  wireTabs(find("#tabs"), view);
  wireSummary({ element: find("#summary"), catalogue, store, view, results, drawn, announce });
  const viewCounts = (page.viewCounts = new ViewCounts({
    catalogue,
    store,
    view,
    bounds: () => page.map && bounds(page),
    held: (layer, bbox) => (isPoint(layer) ? page.rings.facetsIn(layer, bbox) : {}),
  }));
  page.filters = withTab(view, "filters", {
    load: () => {
      results.detail();
      return import("./filterspanel.js");
    },
    make: ({ FiltersPanel }, element) => new FiltersPanel({ element, catalogue, store, view, results, viewCounts }),
  });
  page.search = new Search({
    form: find("#search"),
    catalogue,
    announce,
    choose: (result) => goToResult(page, result),
    from: () => here.state.position ?? (isNear(page) ? centre(page) : null),
    mine: () => here.state.position,
  });
  wireLayersPanel({ element: find("#layers"), catalogue, store, view, tasks: tasks(page) });
  wireLegend({ element: find("#legend"), catalogue, store });
  wireNarrowHeader({ links: find("#utilities"), wide: find(".header"), narrow: find("#layers-foot") });
  page.pick = (layer, id) => {
    page.finder.stay();
    store.update({ select: { layer, id: Number(id) } }, "select");
  };
  page.list = withTab(view, "list", {
    load: () => import("./listpanel.js"),
    make: ({ ListPanel }, element) => new ListPanel({ ...page, element, ...whereabouts(page) }),
  });
  page.sheet = new Sheet({
    panel: find("#panel"),
    handle: find("#handle"),
    moved: (covered) => makeRoom(page, covered),
  });
  page.record = withSelection(page);
  wireCredits({ element: find("#attribution"), catalogue, store });
  view.watch((state, before, cause) => cause === "tab" && page.sheet.open());
  results.ask();
}

/** The part of a tab: it comes when the tab is opened. */
function withTab(view, tab, { load, make }) {
  const element = find(`#panel-${tab}`);
  const part = new Later({ element, load, make: (module) => make(module, element) });
  part.fetchBefore(find(`#tab-${tab}`));
  view.watch((state) => state.tab === tab && part.open());
  return part;
}

/** The record comes when one is selected. */
function withSelection(page) {
  const { store } = page;
  const element = find("#record");
  const shown = (record) => showRecord(page, record);
  const closed = () => page.selection?.clear();
  const part = new Later({
    element,
    load: () => import("./recordpanel.js"),
    make: ({ RecordPanel }) => new RecordPanel({ element, store, share: page.share, shown, closed }),
  });
  part.fetchBefore(find("#map"));
  part.fetchBefore(find("#panel-list"));
  const follow = ({ select }) => select && part.open();
  store.watch(follow);
  follow(store.state);
  return part;
}

/** What is in view, where its middle is, and whether distances from there mean something. */
function whereabouts(page) {
  return { bounds: () => bounds(page), from: () => centre(page), isNear: () => isNear(page) };
}

async function wireMap(page) {
  const { catalogue, store, view, notice } = page;
  const container = find("#map");
  wireFirstPaint(find("#first-paint"), container);
  const { at } = store.state;
  const map = await makeMap({ container, catalogue, at, padding: padding(page.sheet.covered) });
  const failed = (error) => notice.say(trouble(error, "error.tiles"), { again: () => rings.refresh() });
  const rings = (page.rings = new Rings({
    map,
    catalogue,
    store,
    failed,
    cut: (cuts) => page.drawn.set({ cuts }),
    renewed: () => {
      page.results.ask();
      page.viewCounts.renew();
    },
  }));
  await map.once("load");
  page.map = map;
  container.map = map; // tests ask it what is drawn
  // Somebody may have gone elsewhere while the map was made.
  if (store.state.at !== at) goToAddress(page, store.state);
  const areas = new Areas({ map, catalogue, store });
  page.selection = new Selection(map);
  const install = () => [areas, rings, page.selection].forEach((part) => part.install());
  install();
  watchTheme(() => changeStyle(map, catalogue, install));
  new Pointing({
    map,
    catalogue,
    drawnLayers: () => [...rings.drawnLayers, ...areas.drawnLayers],
    pick: page.pick,
    openPlace: (layer, bbox) => openPlace(page, layer, bbox),
    tip: find("#tip"),
  });
  if (page.record.made?.record) showRecord(page, page.record.made.record);
  wireControls({
    element: find("#controls"),
    map,
    country: catalogue.country,
    here: page.here,
    notice,
    announce: page.announce,
    share: page.share,
  });
  map.getCanvas().addEventListener("keydown", (event) => event.key === "Enter" && listView(page));
  const emptyView = new EmptyView({
    element: find("#empty-view"),
    catalogue,
    store,
    announce: page.announce,
    bounds: () => bounds(page),
    isEmpty: (bbox) => rings.isEmpty(bbox),
    isTold: () => view.state.tab === "list",
    showCountry: () => showCountry(map, catalogue.country),
    leave: () => map.getCanvas().focus(),
  });
  map.on("idle", () => emptyView.update());
  map.on("moveend", () => moved(page));
  const { finder } = page;
  map.on("movestart", ({ originalEvent }) => originalEvent && finder.stay());
  find("#controls").addEventListener("click", () => finder.stay());
  followUnits({
    store,
    finder,
    bounds: () => bounds(page),
    go: (area) => goTo(map, area),
    failed: (error) => notice.say(trouble(error)),
  });
  store.watch((state, before, cause) => cause === "address" && goToAddress(page, state));
  view.watch((state) => state.tab === "list" && page.list.made?.refresh());
  page.viewCounts.refresh();
  document.documentElement.dataset.map = "ready";
}

/** Layers and selections that the catalogue does not know are left out. */
function knownState(state, catalogue) {
  const layers = state.layers.filter((id) => catalogue.layer(id));
  return { ...state, layers, select: catalogue.layer(state.select?.layer) ? state.select : null };
}

/** The layer that numbers, filters and list are about is always one that is shown. */
function keepChosen(store, view) {
  store.watch(({ layers }) => {
    if (!layers.includes(view.state.chosen)) view.update({ chosen: layers[0] ?? null });
  });
}

function tasks(page) {
  const { search, catalogue } = page;
  const around = catalogue.layers.find((layer) => layer.around);
  return [
    { title: t("tasks.find"), hint: t("tasks.findHint"), symbol: "able", act: () => search.invite() },
    ...(around ? [{ title: t("tasks.here"), hint: t("tasks.hereHint"), symbol: "locate", act: () => lookAround(page, around) }] : []),
    { title: t("tasks.check"), hint: t("tasks.checkHint"), symbol: "check", href: "/verify" },
    { title: t("tasks.tell"), hint: t("tasks.tellHint"), symbol: "tell", href: "/report" },
  ];
}

/** Where one stands: the places of that layer nearest to here, each with what is in it. */
async function lookAround(page, { id }) {
  const { here, store, view, list, sheet, notice, announce } = page;
  announce(t("locate.asking"));
  try {
    await here.locate();
  } catch (error) {
    return notice.say(t(error.message));
  }
  page.finder.stay();
  showPoint(page, here.state.position, HERE_ZOOM);
  if (!store.state.layers.includes(id)) store.update({ layers: [...store.state.layers, id] }, "layers");
  view.update({ chosen: id, tab: "list" }, "tab");
  (await list.open())?.showNearest();
  sheet.open();
}

/** The sheet covers a part of the map: what is drawn keeps to the rest. */
function makeRoom({ map }, covered) {
  find(".stage").style.setProperty("--covered", `${covered}px`);
  map?.setPadding(padding(covered));
}

function padding(covered) {
  return { top: 0, right: 0, bottom: covered, left: 0 };
}

const centre = (page) => centreInView(page, find("#map"));
const bounds = (page) => boundsInView(page, find("#map"));

function moved({ map, store, list }) {
  store.update({ at: viewOf(map) }, "move");
  list.made?.moved();
}

async function openPlace({ view, list, sheet }, layer, bbox) {
  view.update({ chosen: layer, tab: "list" }, "tab");
  sheet.open();
  (await list.open())?.showPlace(bbox);
}

/** The marks of the map cannot be reached by the keyboard: Enter leads to the list of what is in view. */
function listView({ view, sheet }) {
  view.update({ tab: "list" }, "tab");
  sheet.open();
  find("#tab-list").focus();
}

function showRecord({ map, selection, sheet, announce }, record) {
  sheet?.open();
  announce(record.title);
  const bbox = bboxOfGeometry(record.geometry);
  if (!map || !bbox) return;
  selection.show(record.geometry, record.title);
  const point = bbox[0] === bbox[2] && bbox[1] === bbox[3];
  if (!point) goTo(map, bbox);
  else if (!inView(map, bbox)) flyTo(map, [bbox[0], bbox[1]], SELECTED_ZOOM);
}

function inView(map, [lon, lat]) {
  const [west, south, east, north] = visibleBounds(map);
  return map.getZoom() >= SELECTED_ZOOM - 2 && lon > west && lon < east && lat > south && lat < north;
}

/** Who can do what was chosen: their layer alone, under the filters of the result, the list beside it. */
function showAble({ store, view, sheet }, { layer, filters }) {
  const values = Object.entries(filters).map(([name, value]) => [name, [value]]);
  const shown = { layers: [layer], filters: { [layer]: Object.fromEntries(values) }, select: null };
  store.update(shown, "filters");
  view.update({ chosen: layer, tab: "list" }, "tab");
  sheet.open();
}

/** Places and units are gone to; anything else is opened, on a layer that is then shown. */
function goToResult(page, result) {
  page.finder.stay();
  if (result.filters) return showAble(page, result);
  const { store, view, pick, catalogue } = page;
  const layer = catalogue.layer(result.layer);
  const isRecord = layer && isPoint(layer);
  if (isRecord && !store.state.layers.includes(result.layer)) {
    store.update({ layers: [...store.state.layers, result.layer] }, "layers");
    view.update({ chosen: result.layer });
  }
  if (isRecord) pick(result.layer, result.id);
  else if (result.bbox) showArea(page, result.bbox);
  else if (result.point) showPoint(page, result.point, SELECTED_ZOOM);
}

/** Before or without a map the state alone goes there: the map, or the picture, follows it. */
function showArea({ map, store }, bbox) {
  if (map) return goTo(map, bbox);
  const { clientWidth, clientHeight } = find(".stage");
  store.update({ at: viewOfBounds(bbox, clientWidth, clientHeight, SELECTED_ZOOM) }, "move");
}

function showPoint({ map, store }, [lon, lat], zoom) {
  if (map) flyTo(map, [lon, lat], zoom);
  else store.update({ at: { zoom, lat, lon } }, "move");
}

/** The view that an address names, else where it opens: at its communes or provinces, or the whole country. */
async function goToAddress({ map, catalogue, finder, notice }, state) {
  const { at } = state;
  if (at) {
    finder.stay();
    return map.jumpTo({ center: [at.lon, at.lat], zoom: at.zoom });
  }
  try {
    const area = await finder.of(state);
    if (area) goTo(map, area);
    else if (area === null) showCountry(map, catalogue.country);
  } catch (error) {
    notice.say(trouble(error));
  }
}

/** Without WebGL 2, or when the map could not be had: the server's picture in its place, and the rows as a list at once. */
async function explainNoMap({ view, ...page }, why = "unable") {
  view.update({ tab: "list" }, "tab");
  const { showStill } = await import("./still.js");
  showStill({ ...stillOf(page), why });
}

/** On a spared connection the same, until somebody asks for the map. */
async function mapAsked({ view, ...page }) {
  view.update({ tab: "list" }, "tab");
  const { stillUntilAsked } = await import("./still.js");
  await stillUntilAsked(stillOf(page));
  find("#content").focus();
}

function stillOf({ catalogue, store }) {
  return { section: find("#still"), store, defaults: catalogue.defaults };
}

/** The dialog comes with the first wish to share; where it cannot be had, the address in the browser still can. */
async function share(page, notice) {
  try {
    const { openShare } = await import("./share.js");
    await openShare(page);
  } catch {
    notice.say(t("share.byhand"));
  }
}

start();
