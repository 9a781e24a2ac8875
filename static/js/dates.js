// Windows of dates in a filter, as values and as words.

import { t } from "./i18n.js";
import { addDays, date } from "./numbers.js";

const WINDOWS = [30, 60, 90];

/** The windows to choose from: [{window: "from/to", label}]. Ends lie ahead (valid_until), all else lies behind. */
export function datesWindows(filter, day) {
  const ahead = filter.name.endsWith("_until");
  return WINDOWS.map((days) => ({
    window: ahead ? `${day}/${addDays(day, days)}` : `${addDays(day, -days)}/${day}`,
    label: t(ahead ? "dates.days" : "dates.ago", { days }),
  }));
}

/** A window in words: within N days of the map's day, from, until, or both. */
export function datesText(value, day) {
  const [from, to = from] = value.split("/");
  const ahead = WINDOWS.find((days) => from === day && to === addDays(day, days));
  if (ahead) return t("dates.within", { days: ahead });
  const behind = WINDOWS.find((days) => to === day && from === addDays(day, -days));
  if (behind) return t("dates.ago", { days: behind });
  if (from === "..") return t("dates.until", { to: date(to) });
  if (to === "..") return t("dates.from", { from: date(from) });
  return from === to ? date(from) : `${date(from)} – ${date(to)}`;
}
