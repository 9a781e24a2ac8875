// The selected feature on the map: an accent ring and its name, above everything else.

import { colour } from "./tokens.js";

const EMPTY = { type: "FeatureCollection", features: [] };

export class Selection {
  constructor(map) {
    this.map = map;
    this.data = EMPTY;
  }

  /** Puts source and style layers in place; also after the style was changed. */
  install() {
    if (this.map.getSource("selected")) return;
    this.map.addSource("selected", { type: "geojson", data: this.data });
    for (const layer of styleLayers()) this.map.addLayer(layer);
  }

  /** Marks a geometry with its name. */
  show(geometry, title) {
    this.#set(geometry ? { type: "Feature", geometry, properties: { title } } : EMPTY);
  }

  clear() {
    this.#set(EMPTY);
  }

  #set(data) {
    this.data = data;
    this.map.getSource("selected")?.setData(data);
  }
}

function styleLayers() {
  const accent = colour("accent");
  const point = ["==", ["geometry-type"], "Point"];
  return [
    {
      id: "selected-edge",
      type: "line",
      source: "selected",
      filter: ["!", point],
      paint: { "line-color": accent, "line-width": 3 },
    },
    {
      id: "selected-ring",
      type: "circle",
      source: "selected",
      filter: point,
      paint: {
        "circle-radius": 14,
        "circle-color": "rgba(0, 0, 0, 0)",
        "circle-stroke-color": accent,
        "circle-stroke-width": 3.5,
      },
    },
    {
      id: "selected-label",
      type: "symbol",
      source: "selected",
      filter: point,
      layout: {
        // A box of its own: whatever lies behind the name, it can be read.
        "icon-image": "box",
        "icon-text-fit": "both",
        "icon-text-fit-padding": [3, 7, 3, 7],
        "icon-allow-overlap": true,
        "text-field": ["get", "title"],
        "text-font": ["Be Vietnam Pro SemiBold", "Be Vietnam Pro"],
        "text-size": 13,
        "text-anchor": "top",
        "text-offset": [0, 1.7],
        "text-max-width": 16,
        "text-allow-overlap": true,
      },
      paint: { "text-color": colour("ink") },
    },
  ];
}
