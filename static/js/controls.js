// The buttons at the right of the map: nearer, farther, where I am, the whole country, share.

import { t } from "./i18n.js";
import { flyTo, showCountry } from "./map.js";
import { colour } from "./tokens.js";

const LOCATED_ZOOM = 14;

export function wireControls({ element, map, country, here, notice, announce, share }) {
  wireZoom({ element, map, country });
  wireButton(element, "locate", () => locate({ map, here, notice, announce }));
  wireButton(element, "share", share);
  here.watch(({ position }) => position && showHere(map, position));
}

/** Nearer, farther, the whole country: what every map of ours has. */
export function wireZoom({ element, map, country }) {
  wireButton(element, "nearer", () => map.zoomIn());
  wireButton(element, "farther", () => map.zoomOut());
  wireButton(element, "country", () => showCountry(map, country));
}

function wireButton(element, name, action) {
  element.querySelector(`[data-action=${name}]`).addEventListener("click", action);
}

async function locate({ map, here, notice, announce }) {
  announce(t("locate.asking"));
  try {
    flyTo(map, await here.locate(), LOCATED_ZOOM);
    announce(t("locate.found"));
  } catch (error) {
    notice.say(t(error.message));
  }
}

function showHere(map, coordinates) {
  const data = { type: "Point", coordinates };
  if (map.getSource("here")) return map.getSource("here").setData(data);
  map.addSource("here", { type: "geojson", data });
  map.addLayer({
    id: "here-halo",
    type: "circle",
    source: "here",
    paint: { "circle-radius": 18, "circle-color": colour("accent"), "circle-opacity": 0.18 },
  });
  map.addLayer({
    id: "here",
    type: "circle",
    source: "here",
    paint: {
      "circle-radius": 6.5,
      "circle-color": colour("accent"),
      "circle-stroke-color": colour("panel"),
      "circle-stroke-width": 2.5,
    },
  });
}
