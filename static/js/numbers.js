// Numbers, dates and distances as readers of each language write them. Pure: the language is an argument.

const LOCALES = { vi: "vi-VN", en: "en-GB" };
// Made once: making one takes a hundred times as long as using it, and a map shows hundreds of numbers.
const FORMATS = Object.fromEntries(
  Object.entries(LOCALES).map(([language, locale]) => [
    language,
    new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }),
  ]),
);
const SHORT = {
  vi: { thousand: " nghìn", million: " triệu", billion: " tỷ" },
  en: { thousand: "k", million: "M", billion: "bn" },
};
const RING = {
  vi: { thousand: "k", million: "tr", billion: "tỷ" },
  en: { thousand: "k", million: "M", billion: "bn" },
};
const STEPS = [
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
];

/** The whole number with its groups: 1.234.567 in Vietnamese, 1,234,567 in English. */
export function full(number, language) {
  return FORMATS[language].format(number);
}

/** For running text: 1,2 nghìn and 3,4 triệu; 1.2k and 3.4M in English. Below a thousand the number itself. */
export function short(number, language) {
  return abbreviate(number, language, SHORT[language]);
}

/** For the inside of a ring, as narrow as can be: 12k, 3,4tr; 12k, 3.4M in English. */
export function ring(number, language) {
  return abbreviate(number, language, RING[language]);
}

function abbreviate(number, language, units) {
  if (number < 1000) return full(number, language);
  const step = STEPS.findLast(([, size]) => rounded(number / size) >= 1);
  const [unit, size] = step ?? STEPS[0];
  return full(rounded(number / size), language) + units[unit];
}

/** One decimal below ten, none above; what rounds up to a thousand is left to the next unit. */
function rounded(value) {
  if (value < 0.9995) return 0;
  return value < 9.95 ? Math.round(value * 10) / 10 : Math.round(value);
}

/** A share of one as a percentage: 3,5 %. */
export function percent(share, language) {
  return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 1 }).format(share * 100) + " %";
}

/** 22/11/2026 from an ISO day (or moment); anything else comes back as it is. */
export function date(iso) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  return match ? `${match[3]}/${match[2]}/${match[1]}` : String(iso ?? "");
}

/** The ISO day that lies `days` after an ISO day. */
export function addDays(iso, days) {
  const moment = new Date(`${iso}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** Metres as readers say them: 850 m, 2,3 km, 41 km. */
export function distance(metres, language) {
  if (metres < 995) return `${full(Math.round(metres / 10) * 10, language)} m`;
  const km = metres / 1000;
  return `${full(km < 10 ? Math.round(km * 10) / 10 : Math.round(km), language)} km`;
}
