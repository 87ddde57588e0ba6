// The surface of two numbers' error: from above as a map with contours, and as a landscape.
//
// It is drawn by hand because the paths change and the surface does not: each has its own canvas. Measured with WebGL in
// software: the first drawing takes 0.7 to 1.1 s, and Plotly's heatmap, contour and surface take 10 to 13 s for the same data;
// new paths take 2 ms, and 1 s in Plotly. Plotly's landscape also needs WebGL, which not every browser has.
import { aside, cleared, penOf, pictured } from "../parts/canvas.js";
import { colourAt, css } from "../parts/colours.js";
import { floatsOf, written } from "../parts/numbers.js";

/** @typedef {import("../parts/colours.js").Colour} Colour */
/** @typedef {[low: number, high: number]} Span */
/** @typedef {[x: number, y: number]} Pixel */

/**
 * @typedef {object} SentSurface
 * @property {string} unit
 * @property {Span} w
 * @property {Span} b
 * @property {number} points along each of both
 * @property {[w: string, b: string]} names of the axes
 * @property {string} errors float32 as base64, a row for each b
 * @property {string} norms of the gradient, likewise
 */

/**
 * @typedef {object} Prepared
 * @property {Float32Array} errors
 * @property {Float32Array} norms
 * @property {number} top the largest error
 */

/** @typedef {Omit<SentSurface, "errors" | "norms"> & Prepared} Surface */

/**
 * Where and how it is drawn.
 * @typedef {object} Drawing
 * @property {Surface} surface
 * @property {HTMLElement} map
 * @property {HTMLElement} relief
 * @property {import("../parts/colours.js").Look} look
 * @property {Colour[]} stops of the colours of errors
 * @property {Box} box
 * @property {{ turn: number, tilt: number }} view of the landscape, in radians
 * @property {Pixel} middle of the landscape
 * @property {number} size of the landscape
 * @property {Pixel[]} mesh the landscape's points
 */

/** @typedef {{ x: number, y: number, wide: number, high: number }} Box of the map */

export const MESH = 90;
const LEVELS = 9;
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 62, 12, 44];

/** @type {(value: unknown) => string} */
export const number = (value) => written(value, 4);

/** @type {(value: number) => string} */
const rounded = (value) => number(Number(value.toPrecision(2)));

/** @type {(sent: SentSurface) => Surface} */
export function prepared(sent) {
  const errors = floatsOf(sent.errors);
  return { ...sent, errors, norms: floatsOf(sent.norms), top: errors.reduce((a, b) => Math.max(a, b), 0) || 1 };
}

/** @type {(span: Span, value: number) => number} */
export const share = ([low, high], value) => (value - low) / (high - low);

/** @type {(span: Span, part: number) => number} */
export const within = ([low, high], part) => low + part * (high - low);

/**
 * The column and the row nearest to a place.
 * @type {(s: Surface, w: number, b: number) => [column: number, row: number]}
 */
export function cellOf(s, w, b) {
  /** @type {(part: number) => number} */
  const nearest = (part) => Math.min(Math.max(Math.round(part * (s.points - 1)), 0), s.points - 1);
  return [nearest(share(s.w, w)), nearest(share(s.b, b))];
}

// The map: w to the right, b upwards.

/** @type {(drawing: Drawing, w: number, b: number) => Pixel} */
export const onMap = ({ box, surface }, w, b) => [
  box.x + share(surface.w, w) * box.wide,
  box.y + (1 - share(surface.b, b)) * box.high,
];

/**
 * The place under a pixel of the map.
 * @type {(drawing: Drawing, x: number, y: number) => [w: number, b: number] | null}
 */
export function fromMap({ box, surface }, x, y) {
  const u = (x - box.x) / box.wide;
  const v = 1 - (y - box.y) / box.high;
  return u < 0 || u > 1 || v < 0 || v > 1 ? null : [within(surface.w, u), within(surface.b, v)];
}

/** @type {(own: Drawing) => void} */
export function drawMap(own) {
  const { pen, wide, high } = cleared(layer(own.map, 0));
  own.box = { x: LEFT, y: TOP, wide: wide - LEFT - RIGHT, high: high - TOP - BOTTOM };
  const { x, y, wide: across, high: down } = own.box;
  pen.imageSmoothingEnabled = true;
  pen.drawImage(pictured(pixelsOf(own.surface, own.stops), own.surface.points), x, y, across, down);
  contours(own, pen);
  axes(own, pen);
  heights(own, pen, wide);
}

/** @type {(box: HTMLElement, index: number) => HTMLCanvasElement} a pane's canvases: 0 the surface, 1 the paths on it */
export const layer = (box, index) => box.querySelectorAll("canvas")[index];

/** @type {(s: Surface, stops: Colour[]) => Uint8ClampedArray<ArrayBuffer>} */
function pixelsOf({ errors, points: n, top }, stops) {
  const pixels = new Uint8ClampedArray(4 * n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      pixels.set([...colourAt(stops, errors[row * n + column] / top), 255], 4 * ((n - 1 - row) * n + column));
    }
  }
  return pixels;
}

/** @type {(own: Drawing, pen: CanvasRenderingContext2D) => void} */
function contours({ surface, box, look }, pen) {
  const last = surface.points - 1;
  pen.strokeStyle = look.text;
  pen.globalAlpha = 0.3;
  pen.lineWidth = 0.7;
  pen.beginPath();
  for (let level = 1; level <= LEVELS; level++) {
    crossings(surface, (surface.top * level) / (LEVELS + 1), (column, row, first) => {
      const x = box.x + (column / last) * box.wide;
      const y = box.y + (1 - row / last) * box.high;
      if (first) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    });
  }
  pen.stroke();
  pen.globalAlpha = 1;
}

/**
 * Find where a height crosses the cells of a surface, as straight segments in columns and rows.
 * @type {(s: Surface, height: number, tell: (column: number, row: number, first: boolean) => void) => void}
 */
export function crossings({ errors, points: n }, height, tell) {
  for (let row = 0; row < n - 1; row++) {
    for (let column = 0; column < n - 1; column++) {
      const at = row * n + column;
      const a = errors[at] - height;
      const b = errors[at + 1] - height;
      const c = errors[at + n + 1] - height;
      const d = errors[at + n] - height;
      if (a < 0 === b < 0 && a < 0 === c < 0 && a < 0 === d < 0) continue; // most cells
      const cuts = cutsOf([a, b, c, d]);
      for (let cut = 0; cut + 1 < cuts.length; cut += 2) {
        tell(column + cuts[cut][0], row + cuts[cut][1], true);
        tell(column + cuts[cut + 1][0], row + cuts[cut + 1][1], false);
      }
    }
  }
}

/**
 * Where the sides of a cell cross 0; its corners are given anticlockwise.
 * @type {(corners: number[]) => [dx: number, dy: number][]}
 */
function cutsOf(corners) {
  /** @type {[number, number][]} */
  const cuts = [];
  for (let side = 0; side < 4; side++) {
    const from = corners[side];
    const to = corners[(side + 1) % 4];
    if (from < 0 === to < 0) continue;
    const part = from / (from - to);
    if (side === 0) cuts.push([part, 0]);
    else if (side === 1) cuts.push([1, part]);
    else if (side === 2) cuts.push([1 - part, 1]);
    else cuts.push([0, 1 - part]);
  }
  return cuts;
}

/** @typedef {import("../parts/colours.js").Look} Look */

/** @type {(look: Look, pen: CanvasRenderingContext2D, text: string, x: number, y: number, align?: CanvasTextAlign) => void} */
export function write(look, pen, text, x, y, align = "center") {
  pen.font = `12px ${look.font}`;
  pen.fillStyle = look.text;
  pen.textAlign = align;
  pen.textBaseline = "middle";
  pen.fillText(text, x, y);
}

/** @type {(span: Span) => number[]} */
export function ticks([low, high]) {
  const step = [0.1, 0.2, 0.5, 1, 2, 5].find((each) => (high - low) / each <= 7) ?? (high - low) / 5;
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + 1e-9; at += step) found.push(Number(at.toFixed(6)));
  return found;
}

/** @type {(own: Drawing, pen: CanvasRenderingContext2D) => void} */
function axes(own, pen) {
  const { x, y, wide, high } = own.box;
  const { surface: s, look } = own;
  pen.strokeStyle = look.text;
  pen.globalAlpha = 0.4;
  pen.strokeRect(x, y, wide, high);
  pen.globalAlpha = 1;
  for (const each of ticks(s.w)) write(look, pen, number(each), onMap(own, each, s.b[0])[0], y + high + 12);
  for (const each of ticks(s.b)) write(look, pen, number(each), x - 6, onMap(own, s.w[0], each)[1], "right");
  write(look, pen, s.names[0], x + wide / 2, y + high + 32);
  pen.save();
  pen.translate(12, y + high / 2);
  pen.rotate(-Math.PI / 2);
  write(look, pen, s.names[1], 0, 0);
  pen.restore();
}

/**
 * The colour bar.
 * @type {(own: Drawing, pen: CanvasRenderingContext2D, wide: number) => void}
 */
function heights({ box: { y, high }, stops, surface, look }, pen, wide) {
  const x = wide - RIGHT + 12;
  for (let at = 0; at < high; at++) {
    pen.fillStyle = css(colourAt(stops, 1 - at / high));
    pen.fillRect(x, y + at, 10, 1.5);
  }
  for (const part of [0, 0.5, 1]) write(look, pen, rounded(surface.top * part), x + 15, y + (1 - part) * high, "left");
}

// The relief: an orthographic view of the same surface, drawn from back to front.

/** @type {(drawing: Drawing, u: number, v: number, height: number) => Pixel} u, v in [-½, ½], height in [0, 1] */
function projected({ view: { turn, tilt }, middle, size }, u, v, height) {
  const x = u * Math.cos(turn) - v * Math.sin(turn);
  const y = u * Math.sin(turn) + v * Math.cos(turn);
  return [middle[0] + x * size, middle[1] - (y * Math.sin(tilt) + (height - 0.5) * 0.62 * Math.cos(tilt)) * size];
}

/** @type {(drawing: Drawing, w: number, b: number, error: number) => Pixel} */
export function onRelief(drawing, w, b, error) {
  const { surface: s } = drawing;
  return projected(drawing, share(s.w, w) - 0.5, share(s.b, b) - 0.5, error / s.top);
}

/** @type {(own: Drawing) => void} */
export function drawRelief(own) {
  const { pen, wide, high } = cleared(layer(own.relief, 0));
  const n = MESH;
  own.middle = [wide / 2, high / 2 + 4];
  own.size = Math.min((wide - 96) / 1.42, (high - 30) / 1.32);
  const levels = meshOf(own.surface);
  own.mesh = levels.map((level, at) => projected(own, (at % (n + 1)) / n - 0.5, Math.floor(at / (n + 1)) / n - 0.5, level));
  floor(own, pen);
  pen.lineWidth = 0.7;
  const columns = order(n, Math.sin(own.view.turn) > 0);
  for (const row of order(n, Math.cos(own.view.turn) > 0)) {
    for (const column of columns) {
      const at = row * (n + 1) + column;
      drawFace(own, pen, levels, [at, at + 1, at + n + 2, at + n + 1]);
    }
  }
}

/**
 * The heights at the landscape's points, from 0 to 1, row by row.
 * @type {(s: Surface) => number[]}
 */
export function meshOf({ errors, points, top }) {
  const pick = Array.from({ length: MESH + 1 }, (_, index) => Math.round((index / MESH) * (points - 1)));
  return pick.flatMap((row) => pick.map((column) => errors[row * points + column] / top));
}

/** @type {(own: Drawing, pen: CanvasRenderingContext2D, levels: number[], corners: number[]) => void} */
function drawFace({ mesh, stops }, pen, levels, corners) {
  const [a, b, c, d] = corners.map((each) => levels[each]);
  const light = 0.86 + 0.14 * Math.tanh(6 * (a + d - b - c) - 6 * (a + b - c - d));
  const colour = css(colourAt(stops, (a + b + c + d) / 4).map((each) => Math.round(each * light)));
  pen.fillStyle = colour;
  pen.strokeStyle = colour;
  pen.beginPath();
  polyline(
    pen,
    corners.map((each) => mesh[each]),
  );
  pen.closePath();
  pen.fill();
  pen.stroke();
}

/** @type {(pen: CanvasRenderingContext2D, points: Pixel[]) => void} */
function polyline(pen, points) {
  points.forEach((each, index) => {
    if (index) pen.lineTo(...each);
    else pen.moveTo(...each);
  });
}

/** @type {(n: number, farFirst: boolean) => number[]} */
const order = (n, farFirst) => Array.from({ length: n }, (_, index) => (farFirst ? n - 1 - index : index));

/** @type {(own: Drawing, pen: CanvasRenderingContext2D) => void} */
function floor(own, pen) {
  const { surface: s, look, view } = own;
  /** @type {(u: number, v: number, height?: number) => Pixel} */
  const corner = (u, v, height = 0) => projected(own, u, v, height);
  pen.strokeStyle = look.text;
  pen.globalAlpha = 0.35;
  pen.beginPath();
  /** @type {[number, number][]} */
  const corners = [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ];
  polyline(
    pen,
    [...corners, corners[0]].map((each) => corner(...each)),
  );
  const left = corners.toSorted((one, other) => corner(...one)[0] - corner(...other)[0])[0];
  const [[x, low], [, high]] = [corner(...left), corner(...left, 1)];
  polyline(pen, [corner(...left), corner(...left, 1)]);
  pen.stroke();
  pen.globalAlpha = 1;
  write(look, pen, "0", x - 8, low, "right");
  write(look, pen, rounded(s.top), x - 8, high, "right");
  write(look, pen, "error E", x - 8, high - 16);
  /** @type {(u: number, v: number, text: string) => void} */
  const near = (u, v, text) => {
    const [px, py] = corner(u, v);
    write(look, pen, text, px, py + 4);
  };
  const front = Math.cos(view.turn) > 0 ? -0.57 : 0.57;
  const side = Math.sin(view.turn) > 0 ? -0.57 : 0.57;
  near(-0.44, front, number(s.w[0]));
  near(0.44, front, number(s.w[1]));
  near(0, 1.05 * front, "w");
  near(side, -0.44, number(s.b[0]));
  near(side, 0.44, number(s.b[1]));
  near(1.05 * side, 0, "b");
}

/**
 * Both panes side by side in one picture, under a title.
 * @type {(drawing: Drawing, title: string) => HTMLCanvasElement}
 */
export function picture({ map, relief, look }, title) {
  const ratio = window.devicePixelRatio || 1;
  const top = 40 * ratio;
  const [left, right] = [layer(map, 0), layer(relief, 0)];
  const whole = aside(left.width + right.width, left.height + top);
  const pen = penOf(whole);
  pen.fillStyle = look.back;
  pen.fillRect(0, 0, whole.width, whole.height);
  for (const index of [0, 1]) {
    pen.drawImage(layer(map, index), 0, top);
    pen.drawImage(layer(relief, index), left.width, top);
  }
  pen.scale(ratio, ratio);
  write(look, pen, title, 10, 20, "left");
  return whole;
}
