// The legend at the lower left: the classes of the layers shown; it folds.

import { classesOf, isPoint } from "./catalogue.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { layerMark, mark } from "./mark.js";
import { markOf } from "./layerspanel.js";
import { watchTheme } from "./theme.js";

export function wireLegend({ element, catalogue, store }) {
  const render = () => fill(element.querySelector(".legend-body"), content(catalogue.known(store.state.layers)));
  store.watch((state, before) => state.layers !== before.layers && render());
  watchTheme(render);
  render();
  wireFold(element);
}

function wireFold(element) {
  const button = element.querySelector("button");
  const body = element.querySelector(".legend-body");
  button.addEventListener("click", () => {
    body.hidden = !body.hidden;
    button.setAttribute("aria-expanded", String(!body.hidden));
  });
}

function content(layers) {
  const shown = layers.filter(isPoint);
  if (!layers.length) return el("p", { class: "hint" }, t("legend.empty"));
  return [...classLists(shown), ...names(layers)];
}

/** Which mark is which layer: said only where there is more than one. */
function names(layers) {
  if (layers.length < 2) return [];
  const items = layers.map((layer) => el("li", {}, layerMark(layer, classesOf(layer)), layer.title));
  return [el("ul", { class: "legend-layers" }, items)];
}

/** One list of classes for all layers that share it. */
function classLists(layers) {
  const lists = new Map();
  for (const layer of layers) {
    const classes = classesOf(layer);
    if (classes.length) lists.set(classes.map((code) => code.code).join(), { layer, classes });
  }
  return [...lists.values()].map(({ layer, classes }) =>
    el("ul", { class: "legend-classes" }, classes.map((code) => el("li", {}, mark(legendMark(layer, code)), code.label))));
}

// In the legend a class has the colour that it has in rings, whatever the layer.
function legendMark(layer, code) {
  return { ...markOf(layer, code), shape: "circle", colour: code.colour, hollow: false };
}
