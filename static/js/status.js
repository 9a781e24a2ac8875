// The state of the connection: a thin bar while something loads for long, then a way to stop it, a notice when it failed.

import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";
import { stopRequests, watchRequests } from "./request.js";

const PATIENCE_MS = 400;
const STOPPABLE_AFTER_MS = 2000;

/** Shows the bar once requests have been under way for 400 ms, the button that stops them after 2 s, until all are done. */
export function wireLoadingBar(bar, button) {
  showWhileBusy(PATIENCE_MS, (busy) => {
    bar.hidden = !busy;
  });
  button.addEventListener("click", stopRequests);
  showWhileBusy(STOPPABLE_AFTER_MS, (busy) => {
    if (!busy && button === document.activeElement) button.closest("[tabindex]").focus();
    button.hidden = !busy;
  });
}

/** Calls `show(true)` when requests have been under way for so long, `show(false)` when all are done. */
function showWhileBusy(patience, show) {
  let timer = 0;
  watchRequests((underWay) => {
    if (!underWay) {
      clearTimeout(timer);
      timer = 0;
      show(false);
    } else timer ||= setTimeout(show, patience, true);
  });
}

/** What a notice says of an error; `otherwise` is the key of the words where it is no common one. */
export function trouble({ offline, stopped }, otherwise = "error.title") {
  return t(stopped ? "error.stopped" : offline ? "error.offlineHint" : otherwise);
}

/** A notice above the map: say(text, {again, sign}) shows it, hush() takes it away. */
export function notices(element) {
  const hush = () => {
    element.hidden = true;
  };
  const retry = (again) => {
    element.closest("[tabindex]").focus();
    hush();
    again();
  };
  const say = (text, { again = null, label = t("error.again"), sign = "warning" } = {}) => {
    fill(
      element,
      icon(sign),
      el("span", {}, text),
      again ? el("button", { type: "button", class: "link", on: { click: () => retry(again) } }, label) : null,
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
