// On narrow screens the header belongs to the search: language, theme and sign-in move to the foot of the layers tab.

const NARROW = "(max-width: 719px)";

export function wireNarrowHeader({ links, wide, narrow }) {
  const query = matchMedia(NARROW);
  const place = () => (query.matches ? narrow : wide).append(links);
  query.addEventListener("change", place);
  place();
}
