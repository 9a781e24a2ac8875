// The legend at the lower left: the classes of the chosen layer and, with several, which mark is which layer. It folds.

import { classesOf, isPoint } from "./catalogue.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { layerMark, mark } from "./mark.js";
import { markOf } from "./layerspanel.js";
import { watchTheme } from "./theme.js";

const SMALL = "(max-width: 1279px), (max-height: 799px)";

export function wireLegend({ element, catalogue, store, view }) {
  const body = element.querySelector(".legend-body");
  const render = () => fill(body, content(catalogue.known(store.state.layers), catalogue.layer(view.state.chosen)));
  store.watch((state, before) => state.layers !== before.layers && render());
  view.watch((state, before) => state.chosen !== before.chosen && render());
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

function content(layers, chosen) {
  if (!layers.length) return el("p", { class: "hint" }, t("legend.empty"));
  return [classList(layers, chosen), names(layers)];
}

/** Which mark is which layer: said only where there is more than one. */
function names(layers) {
  if (layers.length < 2 && isPoint(layers[0])) return null;
  const items = layers.map((layer) => el("li", {}, layerMark(layer, classesOf(layer)), layer.title));
  return el("ul", { class: "legend-layers" }, items);
}

/** The classes of the chosen layer, or of the first that has some. */
function classList(layers, chosen) {
  const layer = [chosen, ...layers].find((each) => each && isPoint(each) && classesOf(each).length);
  if (!layer) return null;
  const items = classesOf(layer).map((code) => el("li", {}, mark(legendMark(layer, code)), code.label));
  return el("ul", { class: "legend-classes" }, items);
}

// In the legend a class has the colour that it has in rings, whatever the layer.
function legendMark(layer, code) {
  return { ...markOf(layer, code), shape: "circle", colour: code.colour, hollow: false };
}
