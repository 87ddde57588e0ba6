// Two descents on the surface, and the sentence for each step.
import { cleared } from "../parts/canvas.js";
import { layer, number, onMap, onRelief } from "./surface.js";

/** @typedef {import("./surface.js").Surface} Surface */
/** @typedef {import("./surface.js").Pixel} Pixel */
/** @typedef {number | string} Value a word, where it is not finite */
/** @typedef {[w: Value, b: Value]} Place */
/** @typedef {[w: number, b: number, error: number]} Point */
/** @typedef {(drawing: import("./surface.js").Drawing, w: number, b: number, error: number) => Pixel} Placing */

/**
 * A descent of N steps.
 * @typedef {object} Path
 * @property {string} name
 * @property {Place[]} places N + 1
 * @property {Value[]} errors N + 1
 * @property {Value[]} norms N + 1: of the gradient
 * @property {Value[]} lengths N: of the steps
 * @property {boolean[]} clipped N
 */

/**
 * @typedef {object} Descents
 * @property {{ threshold: number, paths: Path[] }} data
 * @property {{ paths: string[] }} colours
 */

/** @typedef {import("./surface.js").Drawing & Descents & { frame: HTMLElement }} Drawing */

/** @type {(place: Value[]) => place is number[]} */
const finite = (place) => place.every((each) => typeof each === "number");

/** @type {(s: Surface, place: Value[]) => boolean} */
function held(s, place) {
  if (!finite(place)) return false;
  const [w, b] = place;
  return w >= s.w[0] && w <= s.w[1] && b >= s.b[0] && b <= s.b[1];
}

/**
 * The fraction of a step at which it leaves the picture, if it begins inside.
 * @type {(s: Surface, from: number[], to: number[]) => number}
 */
export function cut(s, from, to) {
  const leaving = [s.w, s.b].map(([low, high], axis) => {
    const move = to[axis] - from[axis];
    return move === 0 ? 1 : ((move > 0 ? high : low) - from[axis]) / move;
  });
  return Math.max(Math.min(1, ...leaving), 0);
}

/** @type {(from: Point, to: Point, part: number) => Point} */
const between = (from, to, part) => {
  const [w, b, error] = from.map((each, index) => each + (to[index] - each) * part);
  return [w, b, error];
};

/** @type {(path: Path, step: number) => Point | null} */
const pointAt = (path, step) => {
  const point = [...path.places[step], path.errors[step]];
  return finite(point) ? /** @type {Point} */ (point) : null;
};

/**
 * The straight segments of a path inside the picture up to a moment, which may fall between two steps.
 * @type {(s: Surface, path: Path, at: number) => { from: Point, to: Point, leaves: boolean }[]}
 */
export function pieces(s, path, at) {
  const found = [];
  const whole = Math.floor(at);
  for (let step = 0; step < Math.min(at, path.places.length - 1); step++) {
    const from = pointAt(path, step);
    const goal = pointAt(path, step + 1);
    if (!from || !goal) break;
    const to = step < whole ? goal : between(from, goal, at - whole);
    const [starts, ends] = [held(s, from), held(s, to)];
    if (starts && ends) found.push({ from, to, leaves: false });
    else if (starts) found.push({ from, to: between(from, to, cut(s, from, to)), leaves: true });
    else if (ends) found.push({ from: between(to, from, cut(s, to, from)), to, leaves: false });
  }
  return found;
}

/** @type {(own: Drawing, at: number) => void} */
export function drawPaths(own, at) {
  for (const [pane, place] of /** @type {[HTMLElement, Placing][]} */ ([
    [own.map, onMap],
    [own.relief, onRelief],
  ])) {
    const { pen } = cleared(layer(pane, 1));
    own.data.paths.forEach((path, index) => drawPath(own, pen, path, index, at, place));
  }
}

/**
 * A path that leaves the picture ends at the edge with an arrow.
 * @type {(own: Drawing, pen: CanvasRenderingContext2D, path: Path, index: number, at: number, place: Placing) => void}
 */
function drawPath(own, pen, path, index, at, place) {
  const colour = own.colours.paths[index];
  const found = pieces(own.surface, path, at).map(({ from, to, leaves }) => {
    return { from: place(own, ...from), to: place(own, ...to), leaves };
  });
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.setLineDash([]);
  drawLines(pen, found, 5, own.look.back);
  pen.setLineDash(index ? [] : [7, 5]);
  drawLines(pen, found, 2.6, colour);
  pen.setLineDash([]);
  const rim = own.look.back;
  for (const { to, leaves } of found) if (!leaves) dot(pen, to, 2.2, colour, rim, 1);
  const start = pointAt(path, 0);
  if (start) dot(pen, place(own, ...start), 5, own.look.text, rim, 2);
  const last = found.at(-1);
  if (last?.leaves) arrow(pen, last.from, last.to, colour, rim);
  else if (last) dot(pen, last.to, 6, colour, rim, 2);
}

/** @type {(pen: CanvasRenderingContext2D, found: { from: Pixel, to: Pixel }[], width: number, paint: string) => void} */
function drawLines(pen, found, width, paint) {
  pen.strokeStyle = paint;
  pen.lineWidth = width;
  pen.beginPath();
  for (const { from, to } of found) {
    pen.moveTo(...from);
    pen.lineTo(...to);
  }
  pen.stroke();
}

/** @type {(pen: CanvasRenderingContext2D, at: Pixel, radius: number, colour: string, rim: string, width: number) => void} */
function dot(pen, [x, y], radius, colour, rim, width) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.strokeStyle = rim;
  pen.lineWidth = width;
  pen.fill();
  pen.stroke();
}

/** @type {(pen: CanvasRenderingContext2D, from: Pixel, tip: Pixel, colour: string, rim: string) => void} */
function arrow(pen, [x, y], [tipX, tipY], colour, rim) {
  const angle = Math.atan2(tipY - y, tipX - x);
  pen.beginPath();
  pen.lineTo(tipX, tipY);
  for (const turn of [2.7, -2.7]) pen.lineTo(tipX + 14 * Math.cos(angle + turn), tipY + 14 * Math.sin(angle + turn));
  pen.closePath();
  pen.fillStyle = colour;
  pen.strokeStyle = rim;
  pen.lineWidth = 2;
  pen.stroke();
  pen.fill();
}

/**
 * The point of a path nearest to a pixel, among those drawn up to a moment and at most `most` pixels away.
 * @type {(own: Drawing, at: number, pixel: Pixel, place: Placing, most: number) => { path: Path, step: number } | undefined}
 */
export function nearest(own, at, [x, y], place, most) {
  let best;
  let far = most;
  for (const path of own.data.paths) {
    for (let step = 0; step <= Math.min(at, path.places.length - 1); step++) {
      const [w, b] = path.places[step];
      if (!held(own.surface, [w, b])) continue;
      const [px, py] = place(own, Number(w), Number(b), Number(path.errors[step]));
      const distance = Math.hypot(px - x, py - y);
      if (distance <= far) [far, best] = [distance, { path, step }];
    }
  }
  return best;
}

// Words.

/** @type {(s: Surface, threshold: number, path: Path, step: number) => string} */
export function told(s, threshold, path, step) {
  const [w, b] = path.places[step].map(number);
  const error = number(path.errors[step]);
  if (step === 0) return `${path.name}: starts at w = ${w}, b = ${b}; error ${error}, gradient ${number(path.norms[0])}.`;
  const cutTo = path.clipped[step - 1] ? ` cut to ${number(threshold)}` : "";
  const where = finite(path.places[step]) && !held(s, path.places[step]) ? ", outside the picture" : "";
  const moved = `a step of ${number(path.lengths[step - 1])} to w = ${w}, b = ${b}${where}`;
  return `${path.name}: gradient ${number(path.norms[step - 1])}${cutTo}, ${moved}; error ${error}.`;
}

/** @type {(s: Surface, threshold: number, paths: Path[], step: number) => string} */
export const sentence = (s, threshold, paths, step) =>
  [`Step ${step} of ${paths[0].places.length - 1}`, ...paths.map((path) => told(s, threshold, path, step))].join("\n");
