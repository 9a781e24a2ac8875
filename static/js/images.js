// Draws the marks of the map on a canvas: rings around counts, and single features.
// An image is described by its name, so that the map can ask for it and it is drawn once:
//   ring|radius|badge shape:colour or -|colour:steps,colour:steps,…        mark|shape|colour|symbol|solid or hollow        box

import { STEPS } from "./counts.js";
import { colour } from "./tokens.js";

const RATIO = Math.min(3, Math.max(2, Math.ceil(devicePixelRatio)));
const SHADOW = 3;
const MARK_RADIUS = 8;
const BOX_HALF = 12;
const BOX_CORNER = 4;

export function ringName({ radius, badge, shares }) {
  const parts = shares.map(([name, steps]) => `${name}:${steps}`).join(",");
  return ["ring", Math.round(radius), badge ?? "-", parts].join("|");
}

export function markName({ shape, colour: token, symbol, hollow }) {
  return ["mark", shape, token, symbol, hollow ? "hollow" : "solid"].join("|");
}

/** {image, pixelRatio} for a name, and how it stretches; null when the name is not one of ours. */
export function draw(name) {
  const [kind, ...rest] = name.split("|");
  if (kind === "ring") return drawRing(...rest);
  if (kind === "mark") return drawMark(...rest);
  if (kind === "box") return drawBox();
  return null;
}

function drawRing(radiusText, badge, parts) {
  const radius = Number(radiusText);
  const half = radius + SHADOW + 1;
  const context = canvas(half);
  disc(context, radius);
  shareArcs(context, radius, parts);
  if (badge !== "-") drawBadge(context, radius, ...badge.split(":"));
  return finished(context);
}

function disc(context, radius) {
  context.save();
  context.shadowColor = "rgba(10, 20, 28, 0.35)";
  context.shadowBlur = SHADOW * RATIO;
  context.shadowOffsetY = RATIO;
  context.fillStyle = colour("panel");
  circle(context, radius);
  context.fill();
  context.restore();
}

/** The shares clockwise from the top, each ended by a hair of the ground. */
function shareArcs(context, radius, parts) {
  const width = ringWidth(radius);
  const entries = parts.split(",").map((part) => part.split(":"));
  let from = 0;
  context.lineWidth = width;
  for (const [name, steps] of entries) {
    const to = from + Number(steps);
    const gap = entries.length > 1 ? 0.6 / radius : 0;
    context.strokeStyle = colour(name);
    context.beginPath();
    context.arc(0, 0, radius - width / 2 - 0.5, angle(from) + gap, angle(to) - gap);
    context.stroke();
    from = to;
  }
}

function ringWidth(radius) {
  return radius < 14 ? 3 : 4;
}

function angle(step) {
  return (step / STEPS) * 2 * Math.PI - Math.PI / 2;
}

/** The layer's own mark at the foot of the ring, when several layers of points are shown. */
function drawBadge(context, radius, shape, token) {
  context.translate(0, radius - 3.5);
  context.fillStyle = colour("panel");
  outline(context, shape, 5.5);
  context.fill();
  context.fillStyle = colour(token);
  outline(context, shape, 4);
  context.fill();
}

function drawMark(shape, token, symbol, fillKind) {
  const half = MARK_RADIUS + 4;
  const context = canvas(half);
  const hollow = fillKind === "hollow";
  outline(context, shape, MARK_RADIUS + 1.5);
  context.fillStyle = colour("panel");
  context.fill();
  if (hollow) hollowMark(context, shape, token);
  else solidMark(context, shape, token);
  glyph(context, symbol, colour(hollow ? token : "on-data"));
  return finished(context);
}

function solidMark(context, shape, token) {
  outline(context, shape, MARK_RADIUS);
  context.fillStyle = colour(token);
  context.fill();
}

function hollowMark(context, shape, token) {
  outline(context, shape, MARK_RADIUS - 1);
  context.lineWidth = 2;
  context.strokeStyle = colour(token);
  context.stroke();
}

/** The mark of the status inside. Drawn by hand: fonts differ in where such signs sit. */
function glyph(context, symbol, stroke) {
  context.strokeStyle = stroke;
  context.fillStyle = stroke;
  context.lineWidth = 1.7;
  context.lineCap = "round";
  context.lineJoin = "round";
  (GLYPHS[symbol] ?? letter(symbol))(context);
}

const GLYPHS = {
  "": () => {},
  "✓": (context) =>
    path(context, [
      [-3.2, 0.3],
      [-1, 2.5],
      [3.2, -2.3],
    ]),
  "×": (context) => {
    path(context, [
      [-2.3, -2.3],
      [2.3, 2.3],
    ]);
    path(context, [
      [2.3, -2.3],
      [-2.3, 2.3],
    ]);
  },
  "!": (context) => {
    path(context, [
      [0, -3.6],
      [0, 0.9],
    ]);
    path(context, [
      [0, 3.4],
      [0, 3.45],
    ]);
  },
  "‖": (context) => {
    path(context, [
      [-1.5, -2.6],
      [-1.5, 2.6],
    ]);
    path(context, [
      [1.5, -2.6],
      [1.5, 2.6],
    ]);
  },
  "–": (context) =>
    path(context, [
      [-2.6, 0],
      [2.6, 0],
    ]),
  "○": (context) => arcs(context, () => context.arc(0, 0, 2.6, 0, 2 * Math.PI), false),
  "◔": (context) => {
    arcs(context, () => context.arc(0, 0, 3.4, 0, 2 * Math.PI), false);
    arcs(context, () => wedge(context, 3.4, 0.25), true);
  },
  "◑": (context) => {
    arcs(context, () => context.arc(0, 0, 3.4, 0, 2 * Math.PI), false);
    arcs(context, () => wedge(context, 3.4, 0.5), true);
  },
};

function letter(symbol) {
  return (context) => {
    context.font = '700 9px "Be Vietnam Pro", sans-serif';
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(symbol, 0, 0.5);
  };
}

function path(context, points) {
  context.beginPath();
  points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

function arcs(context, trace, filled) {
  context.lineWidth = 1.3;
  context.beginPath();
  trace();
  if (filled) context.fill();
  else context.stroke();
}

function wedge(context, radius, share) {
  context.moveTo(0, 0);
  context.arc(0, 0, radius, -Math.PI / 2, -Math.PI / 2 + share * 2 * Math.PI);
}

/** The outline of a layer's shape; the others are sized to weigh as much as the circle. */
function outline(context, shape, radius) {
  context.beginPath();
  if (shape === "square") context.roundRect(-radius * 0.9, -radius * 0.9, radius * 1.8, radius * 1.8, 1.5);
  else if (shape === "diamond") polygon(context, radius * 1.2, 4);
  else if (shape === "hexagon") polygon(context, radius * 1.1, 6);
  else context.arc(0, 0, radius, 0, 2 * Math.PI);
}

/** A regular polygon that stands on a corner. */
function polygon(context, reach, corners) {
  for (let corner = 0; corner < corners; corner++) {
    const turn = (corner / corners) * 2 * Math.PI;
    context.lineTo(reach * Math.sin(turn), -reach * Math.cos(turn));
  }
  context.closePath();
}

/** The box behind a label, stretched between its corners to the label's size. */
function drawBox() {
  const context = canvas(BOX_HALF);
  context.fillStyle = colour("panel");
  context.strokeStyle = colour("line");
  context.beginPath();
  context.roundRect(-BOX_HALF + 0.5, -BOX_HALF + 0.5, 2 * BOX_HALF - 1, 2 * BOX_HALF - 1, BOX_CORNER);
  context.fill();
  context.stroke();
  const middle = [[BOX_CORNER * 2 * RATIO, (2 * BOX_HALF - BOX_CORNER * 2) * RATIO]];
  return { ...finished(context), stretchX: middle, stretchY: middle };
}

function circle(context, radius) {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
}

function canvas(half) {
  const element = document.createElement("canvas");
  element.width = element.height = Math.ceil(half * 2 * RATIO);
  // Each picture is read back at once, which takes far longer from a graphics card than drawing here does.
  const context = element.getContext("2d", { willReadFrequently: true });
  context.scale(RATIO, RATIO);
  context.translate(half, half);
  return context;
}

function finished(context) {
  const { width, height } = context.canvas;
  return { image: context.getImageData(0, 0, width, height), pixelRatio: RATIO };
}
