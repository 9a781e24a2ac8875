// What went wrong, what stays safe, what to do: the one form of an error in the page.

import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

const SETTLED = new Set([400, 404, 410]);

/** An alert with a way to try again, unless the answer would be the same. */
export function errorBox(error, again) {
  const { offline, stopped } = error;
  const retry = again && !SETTLED.has(error.status);
  return el(
    "div",
    { class: "error-box", role: "alert" },
    icon(offline ? "offline" : "warning", "icon"),
    el(
      "div",
      {},
      el("strong", {}, offline ? t("error.offline") : stopped ? t("error.stopped") : error.title || t("error.title")),
      el("p", {}, offline ? t("error.offlineHint") : error.detail || t("error.hint")),
      retry ? el("button", { type: "button", class: "button small", on: { click: again } }, t("error.again")) : null,
      error.requestId ? el("small", { class: "request-id" }, t("error.request", { id: error.requestId })) : null,
    ),
  );
}
