// The colours of tokens.css for what is drawn on a canvas.

const SAME_AS = {
  active: "valid",
  suspended: "due-soon",
  reduced: "due-soon",
  expired: "void",
  withdrawn: "void",
  in_repair: "void",
  out_of_use: "void",
  no_periodic: "void",
};

/** The colour that a name stands for: statuses may share one. */
export function sharedColour(name) {
  return SAME_AS[name] ?? name;
}

/** The custom property behind the name of a colour: due_soon is --due-soon. */
export function token(name) {
  return `--${SAME_AS[name] ?? name.replaceAll("_", "-")}`;
}

/** The colour as it is now, by theme. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(token(name)).trim();
}
