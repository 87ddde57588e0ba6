// Heads as pictures: a byte for each weight becomes a colour of a map, or a line from a query to a key.
import { aside, penOf, pictured, sized } from "../parts/canvas.js";
import { colourAt, lookOf, rgb } from "../parts/colours.js";
import { element } from "../parts/elements.js";
import { blank, shortened } from "../parts/tokens.js";
import { levelsOf, weightOfLevel } from "./heads.js";

/** @typedef {import("./heads.js").Heads} Heads */
/** @typedef {import("./heads.js").Head} Head */
/** @typedef {import("./heads.js").At} At */
/** @typedef {{ table: Uint8ClampedArray<ArrayBuffer> }} Table a colour for each byte */
/** @typedef {import("../parts/colours.js").Look & import("./heads.js").Colours & Table} Look */

const STOPS = 256;
const FAINTEST = 0.05; // a smaller weight has no line, unless its token is pointed at
const FAINTEST_POINTED = 0.004;
const NAME_ROOM = 13; // pixels: where rows of the map are lower, every n-th has its name

/** @type {(frame: Element, d: Heads) => Look} */
export function headsLook(frame, d) {
  const look = lookOf(frame);
  const colours = d.look[look.dark ? "dark" : "light"];
  const stops = colours.scale.map(rgb);
  const levels = Array.from({ length: STOPS }, (_, level) => [...colourAt(stops, level / (STOPS - 1)), 255]);
  return { ...look, ...colours, table: Uint8ClampedArray.from(levels.flat()) };
}

/** @type {(look: Look, index: number) => string} */
export const paletteAt = ({ palette }, index) => palette[index % palette.length];

/**
 * One head as Q × K pixels, without the keys that are masked out.
 * @type {(d: Heads, head: Head, look: Look) => Uint8ClampedArray<ArrayBuffer>}
 */
function pixelsOf(d, head, look) {
  const levels = levelsOf(d, head);
  const painted = new Uint8ClampedArray(4 * levels.length);
  const pixels = new Uint32Array(painted.buffer);
  const colours = new Uint32Array(look.table.buffer);
  for (let at = 0; at < levels.length; at++) {
    pixels[at] = d.masked && at % d.K > Math.floor(at / d.K) ? 0 : colours[levels[at]];
  }
  return painted;
}

/** @type {(canvas: HTMLCanvasElement, d: Heads, head: Head, look: Look) => void} */
export function drawThumbnail(canvas, d, head, look) {
  Object.assign(canvas, { width: d.K, height: d.Q });
  penOf(canvas).putImageData(new ImageData(pixelsOf(d, head, look), d.K), 0, 0);
}

// Lines.

/**
 * Between two columns of tokens; all lines are drawn once and kept.
 * @typedef {object} Lines
 * @property {HTMLCanvasElement} canvas
 * @property {number} wide
 * @property {number} tall one token's row
 * @property {HTMLCanvasElement} [all]
 */

/** @type {(d: Heads, canvas: HTMLCanvasElement, wide: number, tall: number) => Lines} */
export function linesOf(d, canvas, wide, tall) {
  sized(canvas, wide, tall * Math.max(d.Q, d.K));
  return { canvas, wide, tall };
}

/**
 * Draw the lines of every pair, or of the token pointed at alone.
 * @type {(lines: Lines, d: Heads, shown: Head[], look: Look, at: At | null) => void}
 */
export function drawLines(lines, d, shown, look, at) {
  const { canvas } = lines;
  const pen = penOf(canvas);
  const scaled = pen.getTransform();
  pen.resetTransform();
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!at && lines.all) pen.drawImage(lines.all, 0, 0);
  pen.setTransform(scaled);
  if (!at && lines.all) return;
  shown.forEach((head, index) => {
    const apart = shown.length > 1 ? (index - (shown.length - 1) / 2) * Math.min(2, lines.tall / 2 / shown.length) : 0;
    pen.strokeStyle = paletteAt(look, index);
    pen.setLineDash(index >= look.palette.length ? [5, 4] : []);
    drawHead(lines, pen, d, head, apart, at);
  });
  if (at) return;
  lines.all = aside(canvas.width, canvas.height);
  penOf(lines.all).drawImage(canvas, 0, 0);
}

/** @type {(lines: Lines, pen: CanvasRenderingContext2D, d: Heads, head: Head, apart: number, at: At | null) => void} */
function drawHead({ wide, tall }, pen, d, head, apart, at) {
  const levels = levelsOf(d, head);
  const least = at ? FAINTEST_POINTED : FAINTEST;
  const [firstQuery, endQuery] = at?.query === undefined ? [0, d.Q] : [at.query, at.query + 1];
  const [firstKey, endKey] = at?.key === undefined ? [0, d.K] : [at.key, at.key + 1];
  for (let query = firstQuery; query < endQuery; query++) {
    for (let key = firstKey; key < endKey; key++) {
      const weight = weightOfLevel(levels[query * d.K + key]);
      if (weight < least) continue;
      const [from, to] = [(query + 0.5) * tall + apart, (key + 0.5) * tall + apart];
      pen.globalAlpha = 0.12 + 0.8 * weight;
      pen.lineWidth = 0.6 + 3.4 * weight;
      pen.beginPath();
      pen.moveTo(2, from);
      pen.bezierCurveTo(wide * 0.35, from, wide * 0.65, to, wide - 2, to);
      pen.stroke();
    }
  }
  pen.globalAlpha = 1;
}

// The map: queries down, keys across.

/** @typedef {{ cell: number, left: number, top: number, canvas: HTMLCanvasElement, every: number }} Cells */

/** @type {(canvas: HTMLCanvasElement, d: Heads, head: Head, look: Look, room: number) => Cells} */
export function drawMap(canvas, d, head, look, room) {
  const cell = Math.max(3, Math.min(26, Math.floor(Math.min(520, Math.max(280, room)) / Math.max(d.Q, d.K))));
  const font = `${Math.min(13, Math.max(11, cell))}px ${look.font}`;
  const [left, top] = [longest(d.queries, font), longest(d.keys, font) * 0.8 + 12];
  const cells = { cell, left, top, canvas, every: cell >= 12 ? 1 : Math.ceil(NAME_ROOM / cell) };
  const pen = sized(canvas, left + d.K * cell + 60, top + d.Q * cell + 2);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(pictured(pixelsOf(d, head, look), d.K), left, top, d.K * cell, d.Q * cell);
  Object.assign(pen, { font, fillStyle: look.text, textBaseline: "middle", strokeStyle: look.text });
  drawNames(pen, d, cells);
  pen.globalAlpha = 0.3;
  pen.strokeRect(left + 0.5, top + 0.5, d.K * cell - 1, d.Q * cell - 1);
  pen.globalAlpha = 1;
  pen.strokeStyle = look.palette[0];
  for (const [key, query] of d.gold ?? []) if (query < d.Q && key < d.K) ring(pen, cells, query, key);
  return cells;
}

/** @type {(tokens: string[], font: string) => number} */
function longest(tokens, font) {
  const pen = penOf(aside(1, 1));
  pen.font = font;
  return Math.min(96, Math.max(...tokens.map((token) => pen.measureText(blank(token)).width)) + 8);
}

/** @type {(pen: CanvasRenderingContext2D, cells: Cells, query: number, key: number) => void} */
function ring(pen, { cell, left, top }, query, key) {
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(left + (key + 0.5) * cell, top + (query + 0.5) * cell, cell / 5, 0, 7);
  pen.stroke();
}

/** @type {(pen: CanvasRenderingContext2D, d: Heads, cells: Cells) => void} */
function drawNames(pen, d, { cell, left, top, every }) {
  /** @type {(token: string) => string} */
  const fitted = (token) => shortened(blank(token), 13);
  pen.textAlign = "right";
  d.queries.forEach((token, query) => {
    if (query % every === 0) pen.fillText(fitted(token), left - 5, top + (query + 0.5) * cell, left - 5);
  });
  pen.textAlign = "left";
  d.keys.forEach((token, key) => {
    if (key % every) return;
    pen.save();
    pen.translate(left + (key + 0.5) * cell, top - 6);
    pen.rotate(-Math.PI / 3.6);
    pen.fillText(fitted(token), 0, 0);
    pen.restore();
  });
}

/**
 * A weight's colour goes by its root: half-way along the bar is a quarter.
 * @type {(box: HTMLElement, look: Look, every: number) => void}
 */
export function drawScale(box, look, every) {
  box.replaceChildren();
  element(box, "b", "", "weight 0");
  const bar = element(box, "canvas");
  Object.assign(bar, { width: STOPS, height: 1 });
  penOf(bar).putImageData(new ImageData(look.table, STOPS), 0, 0);
  const named = every > 1 ? `; the map has a name for one token in ${every}` : "";
  box.append(`1. Not linear: small weights are made more visible, and half-way along stands 0.25${named}`);
}

/** @type {(d: Heads, cells: Cells, event: MouseEvent) => { query: number, key: number } | null} */
export function cellAt(d, { cell, left, top, canvas }, event) {
  const box = canvas.getBoundingClientRect();
  const key = Math.floor((event.clientX - box.left - left) / cell);
  const query = Math.floor((event.clientY - box.top - top) / cell);
  return query >= 0 && query < d.Q && key >= 0 && key < d.K ? { query, key } : null;
}
