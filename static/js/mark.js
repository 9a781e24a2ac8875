// The marks of the map as small pictures in the page: the mark of a layer, the badge of a status.

import { el } from "./dom.js";
import { draw, markName } from "./images.js";
import { token } from "./tokens.js";

/** A canvas with the mark of a layer (●, ◆, ■) or one of its codes, as it stands on the map. */
export function mark({ shape, colour, symbol = "", hollow = false }) {
  const { image, pixelRatio } = draw(markName({ shape, colour, symbol, hollow }));
  const canvas = el("canvas", { class: "mark", width: image.width, height: image.height, "aria-hidden": "true" });
  canvas.getContext("2d").putImageData(image, 0, 0);
  canvas.style.width = `${image.width / pixelRatio}px`;
  canvas.style.height = `${image.height / pixelRatio}px`;
  return canvas;
}

/** The mark by which a layer is known; one coloured by status shows its first status. */
export function layerMark(layer, classes) {
  if (layer.geometry !== "point") return el("span", { class: "mark mark-area", "aria-hidden": "true" });
  const colour = layer.style.colour === "status" ? (classes[0]?.colour ?? "accent") : layer.style.colour || "accent";
  return mark({ shape: layer.style.shape, colour });
}

/** A badge in the colour of a code: its symbol and its label. */
export function badge(code) {
  const element = el("span", { class: "badge" }, code.symbol ? `${code.symbol} ` : "", code.label);
  element.style.setProperty("--tone", `var(${token(code.colour || "unknown")})`);
  return element;
}
