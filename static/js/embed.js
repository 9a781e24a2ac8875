// Wires the embedded map: the layers and filters of its address, legend and credits, and the way to the full map.

import { Areas } from "./areas.js";
import { isPoint, loadCatalogue } from "./catalogue.js";
import { wireZoom } from "./controls.js";
import { wireCredits } from "./credits.js";
import { wireFirstPaint } from "./firstpaint.js";
import { language } from "./i18n.js";
import { wireLegend } from "./legend.js";
import { canDraw, changeStyle, goTo, makeMap, viewOf } from "./map.js";
import { Pointing } from "./pointing.js";
import { getJson, RequestError } from "./request.js";
import { Rings } from "./rings.js";
import { Selection } from "./selection.js";
import { format, parse } from "./state.js";
import { notices, trouble, wireLoadingBar } from "./status.js";
import { isSpared } from "./sparing.js";
import { showStill, stillUntilAsked } from "./still.js";
import { Store } from "./store.js";
import { watchTheme } from "./theme.js";

const FOOT_GAP = 8;
const find = (selector) => document.querySelector(selector);

async function start() {
  wireLoadingBar(find("#loading"), find("#stop-loading"));
  const notice = notices(find("#notice"));
  try {
    const catalogue = await loadCatalogue(language());
    const store = new Store(parse(location.search, catalogue.defaults));
    const still = { section: find("#still"), store, defaults: catalogue.defaults };
    if (!canDraw()) return showStill(still);
    if (isSpared(navigator.connection)) await stillUntilAsked(still);
    await wireMap({ catalogue, store, notice }).catch((error) => {
      if (find("#map").map) throw error;
      showStill({ ...still, why: error instanceof RequestError ? "failed" : "unable" });
    });
  } catch (error) {
    notice.say(trouble(error), { again: () => location.reload() });
  }
}

async function wireMap({ catalogue, store, notice }) {
  const container = find("#map");
  wireFirstPaint(find("#first-paint"), container);
  // Before the map: what lies below it has its height then.
  wireLegend({ element: find("#legend"), catalogue, store });
  wireCredits({ element: find("#attribution"), catalogue, store });
  const map = await makeMap({ container, catalogue, at: store.state.at, padding: padding() });
  const failed = (error) => notice.say(trouble(error, "error.tiles"), { again: () => rings.refresh() });
  const rings = new Rings({ map, catalogue, store, failed, cut: () => {}, renewed: () => {} });
  await map.once("load");
  container.map = map; // tests ask it what is drawn
  const areas = new Areas({ map, catalogue, store });
  const selection = new Selection(map);
  const install = () => [areas, rings, selection].forEach((part) => part.install());
  install();
  watchTheme(() => changeStyle(map, catalogue, install));
  wireZoom({ element: find("#controls"), map, country: catalogue.country });
  wirePointing({ map, catalogue, store, rings, areas });
  map.on("moveend", () => store.update({ at: viewOf(map) }, "move"));
  followState(store, catalogue.defaults);
  await showSelected(store, selection, catalogue);
  document.documentElement.dataset.map = "ready";
}

/** The foot covers a strip of the frame: what is drawn keeps to the rest. */
function padding() {
  const covered = find(".stage-foot").offsetHeight + FOOT_GAP;
  document.body.style.setProperty("--covered", `${covered}px`);
  return { top: 0, right: 0, bottom: covered, left: 0 };
}

/** A record is opened on the full map, in a tab of its own. */
function wirePointing({ map, catalogue, store, rings, areas }) {
  const open = (state) => window.open(`/${format(state, catalogue.defaults)}`, "_blank", "noopener");
  new Pointing({
    map,
    catalogue,
    drawnLayers: () => [...rings.drawnLayers, ...areas.drawnLayers],
    pick: (layer, id) => open({ ...store.state, select: { layer, id: Number(id) } }),
    openPlace: (layer, bbox) => goTo(map, bbox),
    tip: find("#tip"),
  });
}

function followState(store, defaults) {
  store.watch((state) => (find("#open-map").href = `/${format(state, defaults)}`));
}

async function showSelected({ state }, selection, catalogue) {
  const layer = catalogue.layer(state.select?.layer);
  if (!layer || !isPoint(layer)) return;
  const day = state.on ? `&on=${state.on}` : "";
  try {
    const record = await getJson(`/${layer.id}/${state.select.id}.json?lang=${language()}${day}`);
    selection.show(record.geometry, record.title);
  } catch {
    return; // a record that is gone is marked no more; the map is the same without it
  }
}

start();
