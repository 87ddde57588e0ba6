// Vectors as rows of cells; choose a cell with the pointer or the arrow keys.
import { sized } from "../parts/canvas.js";
import { colourAt, css } from "../parts/colours.js";
import { element } from "../parts/elements.js";
import { written } from "../parts/numbers.js";
import { moved } from "../parts/pointer.js";
import { mostOf, sameRef } from "./formulas.js";

/** @typedef {import("./formulas.js").Ref} Ref */
/** @typedef {import("../parts/colours.js").Colour} Colour */
/** @typedef {{ text: string, states: Colour[], shares: Colour[] }} Look */

/**
 * @typedef {object} Strip
 * @property {HTMLCanvasElement} canvas
 * @property {import("./formulas.js").Row} values
 * @property {(at: number) => Ref} ref of each cell
 * @property {string} [source] the row that it shows
 * @property {number} at the cell that the keys are at
 * @property {number} ringed the cell of which a term is made; -1 is none
 * @property {() => void} draw
 */

/**
 * Settings shared by all strips of a block.
 * @typedef {object} Board
 * @property {Look} look
 * @property {number} wide
 * @property {Strip[]} strips
 * @property {Ref} ref the number chosen
 * @property {(ref: Ref) => void} pick
 * @property {() => void} reveal shows its formula
 */

/**
 * @typedef {object} Options
 * @property {string} name
 * @property {import("./formulas.js").Row} values
 * @property {(at: number) => Ref} ref
 * @property {import("./formulas.js").Part} [part]
 * @property {number} [most] the size that has the end colours
 * @property {number} [wide]
 * @property {HTMLElement} note says the number pointed at
 * @property {string} [source]
 */

const PER_LINE = 64;
const TALL = 15;

/** @type {(stops: Colour[], at: number) => string} at from 0 to 1 */
export const shade = (stops, at) => css(colourAt(stops, at));

/** @type {(look: Look, value: number, most: number) => string} from -most to most */
export const signed = (look, value, most) => shade(look.states, (value / most + 1) / 2);

/** @type {(board: Board, parent: Element, options: Options) => void} */
export function addStrip(board, parent, { name, values, ref, part, most = mostOf(values), wide = board.wide, note, source }) {
  const canvas = element(parent, "canvas");
  const columns = Math.min(values.length, PER_LINE);
  const cell = Math.max(2, Math.min(16, Math.floor(wide / columns)));
  let drawn = "";
  /** @type {Strip} */
  const strip = { canvas, values, ref, source, at: 0, ringed: -1, draw };

  /** @type {(at: number) => [x: number, y: number]} */
  const cornerOf = (at) => [(at % PER_LINE) * cell, Math.floor(at / PER_LINE) * TALL];
  function draw() {
    const chosen = sameRef(board.ref, ref(strip.at)) ? strip.at : -1;
    if (drawn === `${chosen} ${strip.ringed}`) return;
    drawn = `${chosen} ${strip.ringed}`;
    const pen = sized(canvas, columns * cell, Math.ceil(values.length / PER_LINE) * TALL);
    values.forEach((value, at) => {
      const [x, y] = cornerOf(at);
      pen.fillStyle = signed(board.look, value, most);
      pen.fillRect(x, y, cell - (cell > 3 ? 1 : 0), TALL - 2);
    });
    pen.strokeStyle = board.look.text;
    pen.lineWidth = 2;
    for (const at of [chosen, strip.ringed]) {
      const [x, y] = cornerOf(at);
      if (at >= 0) pen.strokeRect(x + 0.5, y + 0.5, cell - 1, TALL - 3);
    }
  }
  Object.assign(canvas, { tabIndex: 0, ariaLabel: `${name}, ${values.length} numbers` });
  Object.assign(canvas, { ariaValueMin: "1", ariaValueMax: String(values.length) });
  canvas.setAttribute("role", "slider");
  canvas.dataset.part = part ?? "";
  wire(board, strip, { name, note, cell });
  board.strips.push(strip);
}

/** @type {(board: Board, strip: Strip, told: { name: string, note: HTMLElement, cell: number }) => void} */
function wire(board, strip, { name, note, cell }) {
  const { canvas, values } = strip;
  const noted = note.textContent ?? "";
  /** @type {(at: number) => void} */
  const tell = (at) => {
    note.textContent = `${noted ? "" : `${name}, `}number ${at + 1}: ${written(values[at], 7)}`;
    canvas.ariaValueNow = String(at + 1);
    canvas.ariaValueText = written(values[at], 4);
  };
  /** @type {(event: MouseEvent) => number | undefined} */
  const under = (event) => {
    const box = canvas.getBoundingClientRect();
    const line = Math.floor((event.clientY - box.top) / TALL);
    const at = Math.floor((event.clientX - box.left) / cell) + PER_LINE * line;
    return at >= 0 && at < values.length ? at : undefined;
  };
  /** @type {(at: number) => void} */
  const choose = (at) => {
    strip.at = at;
    board.pick(strip.ref(at));
    tell(at);
  };
  canvas.addEventListener("pointermove", (event) => {
    const at = under(event);
    if (at === undefined || !moved(event)) return;
    if (event.buttons) choose(at);
    else tell(at);
  });
  for (const gone of ["pointerleave", "blur"]) {
    canvas.addEventListener(gone, () => {
      note.textContent = noted;
    });
  }
  canvas.addEventListener("pointerdown", (event) => {
    const at = under(event);
    if (at !== undefined) choose(at);
  });
  canvas.addEventListener("click", () => board.reveal());
  canvas.addEventListener("keydown", (event) => {
    const to = { ArrowRight: strip.at + 1, ArrowLeft: strip.at - 1, Home: 0, End: values.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    choose(Math.min(Math.max(to, 0), values.length - 1));
  });
}
