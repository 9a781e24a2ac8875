// The way to a place: by the application of the device, or by a map service of the reader's choice. Links, no requests.

import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

/** The position [lon, lat] that an address `geo:lat,lon` names. */
export function positionOf(geo) {
  const [lat, lon] = geo.slice("geo:".length).split(/[,?;]/).map(Number);
  return [lon, lat];
}

/** The ways to a position, each as [title, address]. Pure. */
export function ways([lon, lat]) {
  return [
    ["directions.device", `geo:${lat},${lon}?q=${lat},${lon}`],
    ["Google Maps", `https://www.google.com/maps/dir/?api=1&destination=${lat},${lon}`],
    ["Apple Maps", `https://maps.apple.com/?daddr=${lat},${lon}`],
    ["OpenStreetMap", `https://www.openstreetmap.org/directions?to=${lat},${lon}`],
  ];
}

/** A button that opens the list of ways; `name` says whereto for who does not see it. */
export function directions(position, { primary = false, name = "" } = {}) {
  const links = ways(position).map(([title, href]) =>
    el("li", {}, el("a", { href, rel: "noopener noreferrer" }, title.includes(".") ? t(title) : title)),
  );
  const summary = el(
    "summary",
    { class: primary ? "button primary" : "button" },
    icon("directions"),
    t("record.directions"),
    name ? el("span", { class: "visually-hidden" }, ` – ${name}`) : null,
  );
  const details = el("details", { class: "directions" }, summary, el("ul", {}, links));
  details.addEventListener("keydown", (event) => close(event, details, summary));
  details.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !details.contains(relatedTarget)) details.open = false;
  });
  return details;
}

function close(event, details, summary) {
  if (event.key !== "Escape" || !details.open) return;
  event.stopPropagation();
  details.open = false;
  summary.focus();
}
