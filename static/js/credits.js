// The line at the foot of the map: whom it has to name, how good its boundaries are, and the day it speaks of.

import { t } from "./i18n.js";
import { date } from "./numbers.js";

export function wireCredits({ element, catalogue, store }) {
  const render = () => (element.textContent = creditsText(catalogue, store.state.on));
  store.watch((state, before) => state.on !== before.on && render());
  render();
}

function creditsText({ credits, boundaries, day }, on) {
  const rough = boundaries === "approximate" ? [t("map.approximate")] : [];
  const when = on ? t("map.on", { day: date(on) }) : t("map.day", { day: date(day) });
  return [...credits, ...rough, when].join(" · ");
}
