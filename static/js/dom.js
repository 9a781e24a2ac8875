// Makes elements. Text enters as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const SPRITE = new URL("../img/icons.svg", import.meta.url).href;

/** An element with attributes, `on` listeners (on: {click: …}) and children; null children are left out. */
export function el(tag, { on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "checked" || name === "value" || name === "disabled" || name === "open") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** A symbol of the sprite, silent for screen readers. */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/** Resolves once a style sheet is in force, above those that are there, or below them. Rejects where it cannot be had. */
export function loadSheet(href, { below = false } = {}) {
  return new Promise((load, error) => {
    const sheet = el("link", { rel: "stylesheet", href, on: { load, error } });
    document.head[below ? "prepend" : "append"](sheet);
  });
}

/** Replaces the children of an element. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
}
