// What is said of a list when it has come: how many, and how far and which way the nearest is.

import { language, t } from "./i18n.js";
import { distance, full } from "./numbers.js";

/** "37 cơ sở trong khung nhìn; gần nhất 2,3 km về phía đông bắc": `head` says how many, `nearest` as `nearestOf` has it. */
export function spokenList(head, nearest) {
  if (!nearest) return head;
  const far = distance(nearest.metres, language());
  return t("spoken.nearest", { head, distance: far, way: t(nearest.way) });
}

/** "37 cơ sở trong khung nhìn", or that they were not counted in time. */
export function spokenCount(matched, noun, where) {
  return matched === null || matched === undefined ? t("count.unknown") : `${full(matched, language())} ${noun} ${where}`.trim();
}
