// The tab of layers: what can be done here, then each layer with its switch and legend.

import { classesOf, isPoint } from "./catalogue.js";
import { el, fill, icon } from "./dom.js";
import { inLanguage, t } from "./i18n.js";
import { layerMark, mark } from "./mark.js";
import { watchTheme } from "./theme.js";

export function wireLayersPanel({ element, catalogue, store, view, tasks }) {
  const render = () =>
    fill(element, taskList(tasks), el("h2", { class: "panel-heading" }, t("layers.heading")), layerList());
  const layerList = () =>
    el(
      "ul",
      { class: "layers" },
      catalogue.layers.map((layer) => entry({ layer, store, view })),
    );
  render();
  watchTheme(render);
  store.watch((state, before) => {
    if (state.layers === before.layers) return;
    for (const layer of catalogue.layers) show(element, layer.id, state.layers.includes(layer.id));
  });
}

function show(element, id, shown) {
  const item = element.querySelector(`[data-layer="${id}"]`);
  item.querySelector("input").checked = shown;
  item.querySelector(".legend-list")?.toggleAttribute("hidden", !shown);
}

function taskList(tasks) {
  const items = tasks.map(({ title, hint, symbol, act, href }) =>
    el(
      "li",
      {},
      el(
        href ? "a" : "button",
        href ? { class: "task", href: inLanguage(href) } : { type: "button", class: "task", on: { click: act } },
        icon(symbol, "icon task-icon"),
        el("span", {}, el("strong", {}, title), el("small", {}, hint)),
        icon("next", "icon soft"),
      ),
    ),
  );
  return el("ul", { class: "tasks", "aria-label": t("tasks.heading") }, items);
}

function entry({ layer, store, view }) {
  const shown = store.state.layers.includes(layer.id);
  const input = el("input", {
    type: "checkbox",
    role: "switch",
    class: "switch",
    checked: shown,
    "aria-describedby": `about-${layer.id}`,
    on: { change: (event) => toggle({ layer, store, view, on: event.target.checked }) },
  });
  const label = el(
    "label",
    { class: "layer-name" },
    layerMark(layer, classesOf(layer)),
    el("span", {}, layer.title),
    input,
  );
  const about = el("p", { class: "layer-about", id: `about-${layer.id}` }, layer.description);
  return el("li", { class: "layer", "data-layer": layer.id }, label, about, legend(layer, shown));
}

function toggle({ layer, store, view, on }) {
  const without = store.state.layers.filter((id) => id !== layer.id);
  store.update({ layers: on ? [...without, layer.id] : without }, "layers");
  if (on) view.update({ chosen: layer.id });
}

function legend(layer, shown) {
  const classes = classesOf(layer);
  if (!classes.length || !isPoint(layer)) return null;
  const items = classes.map((code) => el("li", {}, mark(markOf(layer, code)), code.label));
  return el("ul", { class: "legend-list", hidden: !shown }, items);
}

/** The mark that a single feature of this class has on the map. */
export function markOf(layer, code) {
  const byStatus = layer.style.colour === "status";
  const nothing = !byStatus && ["expired", "withdrawn", "void"].includes(code.colour);
  const colour = byStatus ? code.colour : layer.style.colour || "accent";
  return { shape: layer.style.shape, colour: nothing ? "unknown" : colour, symbol: code.symbol ?? "", hollow: nothing };
}
