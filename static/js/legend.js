// The legend at the lower left: the states of all layers shown and, with several, which mark is which layer. It folds.

import { classesOf, isPoint } from "./catalogue.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { layerMark, mark } from "./mark.js";
import { queryOf, valuesOf } from "./state.js";
import { sharedColour } from "./tokens.js";
import { watchTheme } from "./theme.js";

const SMALL = "(max-width: 1279px), (max-height: 799px)";

export function wireLegend({ element, catalogue, store }) {
  const body = element.querySelector(".legend-body");
  const render = () => fill(body, content(catalogue.known(store.state.layers), store.state));
  const news = (state, before) => (layer) => queryOf(state, layer) !== queryOf(before, layer);
  store.watch((state, before) => {
    if (state.layers !== before.layers || state.layers.some(news(state, before))) render();
  });
  watchTheme(render);
  render();
  wireFold(element);
}

/** On a small map it starts folded: it would hide a part of the country. */
function wireFold(element) {
  const button = element.querySelector("button");
  const body = element.querySelector(".legend-body");
  const show = (open) => {
    body.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => show(body.hidden));
  show(!matchMedia(SMALL).matches);
}

function content(layers, state) {
  if (!layers.length) return el("p", { class: "hint" }, t("legend.empty"));
  const points = layers.filter(isPoint);
  return [states(points, state), names(layers)];
}

/** The states that the map may show of all layers, each once; then the marks that say something else. */
function states(layers, state) {
  const classed = layers.filter((layer) => classesOf(layer).length);
  if (!layers.length) return null;
  const shown = classed.flatMap((layer) => shownClasses(layer, state));
  const items = distinct(shown).map(({ label, ...look }) => entry(look, label));
  return el(
    "ul",
    { class: "legend-classes", "aria-label": t("legend.states") },
    classed.length ? el("li", { class: "hint" }, t("legend.states")) : null,
    items,
    classed.some((layer) => mayLackClass(layer, state)) ? entry({ colour: "unknown" }, t("legend.none")) : null,
    entry({ colour: "ink-soft", hollow: true }, t("map.communeOnly")),
  );
}

// A state has a colour in rings and a sign in marks, whatever the layer.
function entry(look, label) {
  return el("li", {}, mark({ shape: "circle", ...look }), label);
}

/** What looks the same is one entry, under all its names: [{colour, symbol, label}]. */
function distinct(codes) {
  const looks = new Map();
  for (const { colour, symbol, label } of codes) {
    const look = `${sharedColour(colour)} ${symbol}`;
    const names = looks.get(look)?.names ?? new Set();
    looks.set(look, { colour, symbol, names: names.add(label) });
  }
  return [...looks.values()].map(({ names, ...look }) => ({ ...look, label: [...names].join(" · ") }));
}

/** The classes of a layer, or those of them that its filter leaves on the map. */
function shownClasses(layer, state) {
  const chosen = chosenClasses(layer, state);
  return classesOf(layer).filter(({ code }) => !chosen.length || chosen.includes(code));
}

function chosenClasses(layer, state) {
  const { class_filter: filter } = layer.style;
  return filter ? valuesOf(state, layer.id, filter) : [];
}

/** Every record has a status; a conclusion it may lack. */
function mayLackClass(layer, state) {
  return layer.style.class !== "status" && !chosenClasses(layer, state).length;
}

/** Which mark is which layer: said only where there is more than one. */
function names(layers) {
  if (layers.length < 2 && isPoint(layers[0])) return null;
  const items = layers.map((layer) => el("li", {}, layerMark(layer, classesOf(layer)), layer.title));
  return el(
    "ul",
    { class: "legend-layers", "aria-label": t("legend.layers") },
    el("li", { class: "hint" }, t("legend.layers")),
    items,
  );
}
