// A training step taken apart: its matrices as numbers or colours, phase by phase.
import { sized } from "../parts/canvas.js";
import { colourAt, css, ink, lookOf, rgb } from "../parts/colours.js";
import { countDrawing, ownOf } from "../parts/component.js";
import { button, element, part } from "../parts/elements.js";
import { written } from "../parts/numbers.js";
import { stepper } from "../parts/stepper.js";
import { saveRows } from "../parts/tables.js";

/** @typedef {number | string} Value a word, where it is not finite */

/**
 * @typedef {object} Matrix
 * @property {number} phase in which it appears
 * @property {string} name
 * @property {string} shape in words
 * @property {Value[][]} rows
 * @property {number} most the size that has the end colours; 0 where there is none
 * @property {[string, string]} axes what rows and columns are called
 * @property {[number, number]} from what the first row and column are called
 * @property {string} [chain] its name among the matrices whose cells belong to each other
 */

/**
 * @typedef {object} Message
 * @property {string} title
 * @property {[name: string, sentence: string][]} phases
 * @property {Matrix[]} parts
 * @property {string[]} scale
 * @property {string[]} dark the scale of a dark page
 */

/**
 * @typedef {object} Own
 * @property {Message} data
 * @property {HTMLElement} frame
 * @property {HTMLElement} said
 * @property {HTMLElement} pictures
 * @property {HTMLElement} phases
 * @property {HTMLElement} tip
 * @property {boolean} begun
 * @property {import("../parts/colours.js").Look} look
 * @property {import("../parts/colours.js").Colour[]} stops
 * @property {import("../parts/stepper.js").Stepper} stepper
 */

const READABLE = 8; // at most so many rows and columns are written as numbers; else a square each
const LEAST = 4;
const MOST = 26;
const WIDE = 220;
const PACE = 2200;

/** @type {(value: unknown) => string} */
const exact = (value) => written(value, 7);

/** @type {(own: Own, value: Value, most: number) => import("../parts/colours.js").Colour} */
const filled = (own, value, most) => colourAt(own.stops, (typeof value === "number" && most ? value / most : 0) / 2 + 0.5);

/** @type {(own: Own, matrix: Matrix) => HTMLTableElement} */
function asTable(own, matrix) {
  const table = document.createElement("table");
  matrix.rows.forEach((row, at) => {
    const line = table.insertRow();
    row.forEach((value, column) => {
      const cell = line.insertCell();
      const paint = filled(own, value, matrix.most);
      cell.textContent = written(value, 3);
      cell.style.background = css(paint);
      cell.style.color = ink(paint);
      cell.addEventListener("pointerenter", () => point(own, matrix, at, column));
    });
  });
  return table;
}

/**
 * The size of a cell in pixels when this many share a picture's width or height.
 * @type {(count: number) => number}
 */
export const fitting = (count) => Math.max(LEAST, Math.min(MOST, Math.floor(WIDE / count)));

/** @type {(own: Own, matrix: Matrix) => HTMLCanvasElement} */
function asPicture(own, matrix) {
  const { rows } = matrix;
  const [wide, high] = [fitting(rows[0].length), fitting(rows.length)];
  const canvas = document.createElement("canvas");
  const pen = sized(canvas, rows[0].length * wide, rows.length * high);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${matrix.name}: ${matrix.shape}`);
  pen.strokeStyle = own.look.text;
  rows.forEach((row, at) => {
    row.forEach((value, column) => {
      pen.fillStyle = css(filled(own, value, matrix.most));
      pen.fillRect(column * wide, at * high, wide - 0.5, high - 0.5);
      if (typeof value !== "number") cross(pen, column * wide, at * high, wide, high);
    });
  });
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / wide);
    const at = Math.floor((event.clientY - box.top) / high);
    if (rows[at]?.[column] !== undefined) point(own, matrix, at, column);
  });
  return canvas;
}

/**
 * Cross out values that are infinite or NaN.
 * @type {(pen: CanvasRenderingContext2D, x: number, y: number, wide: number, high: number) => void}
 */
function cross(pen, x, y, wide, high) {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x + wide, y + high);
  pen.moveTo(x + wide, y);
  pen.lineTo(x, y + high);
  pen.stroke();
}

/**
 * Describe one cell: through all matrices of its chain so far, or by itself.
 * @type {(matrices: Matrix[], step: number, matrix: Matrix, row: number, column: number) => string}
 */
export function cellSentence(matrices, step, { chain, name, axes, from, rows }, row, column) {
  const [up, across] = [row + from[0], column + from[1]];
  if (!chain) return `${name}, ${axes[0]} ${up}, ${axes[1]} ${across}: ${exact(rows[row][column])}`;
  const linked = matrices.filter((each) => each.chain && each.phase <= step);
  const told = linked.map((each) => `${each.chain} ${exact(each.rows[row][column])}`);
  return `row ${row}, column ${column}: ${told.join(" → ")}`;
}

/** @type {(own: Own, matrix: Matrix, row: number, column: number) => void} */
function point(own, matrix, row, column) {
  own.tip.textContent = cellSentence(own.data.parts, own.stepper.step, matrix, row, column);
}

/** @type {(own: Own) => void} */
function draw(own) {
  own.pictures.replaceChildren();
  for (const matrix of own.data.parts) {
    const figure = element(own.pictures, "figure");
    const caption = element(figure, "figcaption", "", matrix.name);
    const readable = matrix.rows.length <= READABLE && matrix.rows[0].length <= READABLE;
    figure.dataset.phase = String(matrix.phase);
    element(caption, "small", "", matrix.shape);
    figure.append(readable ? asTable(own, matrix) : asPicture(own, matrix));
  }
  own.phases.replaceChildren();
  own.data.phases.forEach(([name], index) => button(element(own.phases, "li"), "", name, () => own.stepper.go(index)));
}

/** @type {(own: Own, step: number) => string} */
function show(own, step) {
  for (const each of own.pictures.querySelectorAll("figure")) {
    each.classList.toggle("sv-later", Number(each.dataset.phase) > step);
    each.classList.toggle("sv-fresh", Number(each.dataset.phase) === step);
  }
  [...own.phases.querySelectorAll("button")].forEach((each, index) => {
    each.classList.toggle("sv-now", index === step);
    if (index === step) each.setAttribute("aria-current", "step");
    else each.removeAttribute("aria-current");
  });
  const [, said] = own.data.phases[step];
  own.said.textContent = said;
  return said;
}

/**
 * Every number of every matrix, as a table.
 * @type {(matrices: Matrix[]) => import("../parts/tables.js").Cell[][]}
 */
export function tableOf(matrices) {
  const cells = matrices.flatMap(({ name, rows, from }) =>
    rows.flatMap((row, at) => row.map((value, column) => [name, at + from[0], column + from[1], value])),
  );
  return [["part", "row", "column", "value"], ...cells];
}

/** @type {(root: HTMLElement, data: Message) => Own} */
function begin(root, data) {
  /** @type {(name: string) => HTMLElement} */
  const of = (name) => part(root, `.sv-step-${name}`);
  const frame = part(root, ".sv-step");
  const parts = { said: of("said"), pictures: of("pictures"), phases: of("phases"), tip: of("tip") };
  const own = /** @type {Own} */ ({ data, frame, ...parts, begun: false });
  const label = "Phase of the training step";
  own.stepper = stepper(of("bar"), frame, { label, pace: PACE, show: (_, step) => show(own, step) });
  of("csv").addEventListener("click", () => saveRows(tableOf(own.data.parts), "training-step.csv"));
  return own;
}

/** @type {(call: import("../parts/component.js").Call<Message, {}>) => void} */
export default function ({ data, parentElement: root }) {
  const own = ownOf(root, () => begin(root, data));
  const last = data.phases.length - 1;
  const phase = own.begun ? own.stepper.step : last;
  const look = lookOf(own.frame);
  Object.assign(own, { data, look, stops: (look.dark ? data.dark : data.scale).map(rgb), begun: true });
  own.tip.textContent = "";
  part(root, ".sv-step-title").textContent = data.title;
  own.frame.setAttribute("aria-label", data.title);
  draw(own);
  own.stepper.begin(last, phase);
  countDrawing(own.frame);
}
