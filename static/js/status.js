// The state of the connection: a thin bar while something loads for long, a notice when something failed.

import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";
import { watchRequests } from "./request.js";

const PATIENCE_MS = 400;

/** Shows the bar once requests have been under way for 400 ms, until all are done. */
export function wireLoadingBar(bar) {
  let timer = 0;
  watchRequests((underWay) => {
    if (!underWay) {
      clearTimeout(timer);
      timer = 0;
      bar.hidden = true;
    } else if (!timer) timer = setTimeout(() => (bar.hidden = false), PATIENCE_MS);
  });
}

/** A notice above the map: say(text, {again, sign}) shows it, hush() takes it away. */
export function notices(element) {
  const hush = () => {
    element.hidden = true;
  };
  const say = (text, { again = null, label = t("error.again"), sign = "warning" } = {}) => {
    fill(
      element,
      icon(sign),
      el("span", {}, text),
      again ? el("button", { type: "button", class: "link", on: { click: again } }, label) : null,
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": t("close"), on: { click: hush } },
        icon("close"),
      ),
    );
    element.hidden = false;
  };
  window.addEventListener("offline", () => say(t("error.offlineHint")));
  window.addEventListener("online", hush);
  return { say, hush };
}
