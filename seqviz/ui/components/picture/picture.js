// A picture and its caption: each word lays its attention over the picture, by pointer, key or click.
import { aside, penOf, pictured } from "../parts/canvas.js";
import { ownOf } from "../parts/component.js";
import { button, element, heading, part, piece, targetOf } from "../parts/elements.js";
import { bytesOf, percent } from "../parts/numbers.js";
import { moved } from "../parts/pointer.js";
import { beginAlike, cellSentence, headsOf, meanOf, outline, SIDE, veiled, wordSentence } from "./looks.js";

/** @typedef {import("./looks.js").Message} Message */

/**
 * The reader's latest change, and its time.
 * @typedef {{ at: number } & (
 *   { kind: "head", head: number } | { kind: "word", place: number, word: string } | { kind: "erase", thing: number }
 * )} Choice
 */

/** @typedef {import("../parts/component.js").Call<Message, { choice: Choice }>} Call */

/**
 * @typedef {object} Own
 * @property {Message} data
 * @property {HTMLElement} frame
 * @property {HTMLElement} pane
 * @property {HTMLCanvasElement} canvas
 * @property {SVGSVGElement} marks
 * @property {HTMLElement} said
 * @property {HTMLElement} heads
 * @property {HTMLElement} next
 * @property {HTMLElement} words
 * @property {HTMLElement} table
 * @property {boolean} smooth
 * @property {boolean} alone the picture without its attention
 * @property {HTMLButtonElement[]} buttons one for each word
 * @property {Uint8Array} pixels
 * @property {number} word the one that stays when the pointer leaves
 * @property {string | undefined} cell under the pointer
 * @property {Call["setStateValue"]} report
 */

const SMALL = 128; // pixels of a word's and a head's picture

/** @type {(own: Own, canvas: HTMLCanvasElement, grid: import("./looks.js").Grid | null) => void} */
function paint(own, canvas, grid) {
  const pen = penOf(canvas);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(pictured(veiled(own.pixels, grid, own.smooth), SIDE), 0, 0, canvas.width, canvas.height);
}

/** @type {(own: Own, word: number, cell?: [row: number, column: number]) => void} */
function drawMarks(own, word, cell) {
  own.marks.replaceChildren();
  if (!own.alone) drawGrid(own, word, cell);
  const { things } = own.data;
  for (const { x, y, radius, title, number } of things) {
    const square = { x: x - radius, y: y - radius, width: 2 * radius + 1, height: 2 * radius + 1 };
    const box = piece(own.marks, "rect", { ...square, class: "sv-pic-thing", "data-thing": number });
    piece(box, "title", {}, things.length > 1 ? `${title}: click to erase it` : `${title}: the last thing left`);
  }
}

/** @type {(own: Own, word: number, cell?: [row: number, column: number]) => void} */
function drawGrid({ data, marks }, word, cell) {
  const cells = data.weights[0].length;
  const size = SIDE / cells;
  for (let at = 1; at < cells; at++) {
    piece(marks, "line", { x1: at * size, x2: at * size, y1: 0, y2: SIDE });
    piece(marks, "line", { y1: at * size, y2: at * size, x1: 0, x2: SIDE });
  }
  const path = outline(data.regions[word]);
  if (path) for (const name of ["sv-pic-under", "sv-pic-own"]) piece(marks, "path", { d: path, class: name });
  if (!cell) return;
  const square = { x: cell[1] * size, y: cell[0] * size, width: size, height: size };
  for (const name of ["sv-pic-at-under", "sv-pic-at"]) piece(marks, "rect", { ...square, class: name });
}

/**
 * Buttons for the mean and for each head.
 * @type {(own: Own, word: number) => void}
 */
function drawHeads(own, word) {
  const heads = headsOf(own.data, word);
  if (heads.length < 2) {
    own.heads.replaceChildren();
    return;
  }
  const looks = [meanOf(heads), ...heads];
  if (own.heads.children.length !== looks.length) own.heads.replaceChildren(...looks.map((_, head) => headButton(own, head)));
  [...own.heads.children].forEach((each, head) => {
    paint(own, part(each, "canvas", HTMLCanvasElement), looks[head]);
    each.setAttribute("aria-pressed", String(head === own.data.head));
  });
}

/** @type {(own: Own, head: number) => HTMLButtonElement} */
function headButton(own, head) {
  const made = button(null, "sv-pic-head", "", () => own.report("choice", { kind: "head", head, at: Date.now() }));
  made.append(aside(SMALL, SMALL), head ? `head ${head}` : "mean");
  return made;
}

/** @type {(own: Own, word: number, text: string) => void} */
function say(own, word, text) {
  own.said.replaceChildren(element(null, "b", "", own.data.written[word]), element(null, "br"), text);
}

/** @type {(own: Own, word: number) => void} */
function drawNext(own, word) {
  const d = own.data;
  own.next.replaceChildren();
  element(own.next, "span", "", "Likeliest here, given the words before; choose one to make it write that:");
  for (const [each, chance] of d.alternatives[word]) {
    const choose = () => own.report("choice", { kind: "word", place: word, word: each, at: Date.now() });
    const made = button(own.next, "", `${each} ${percent(chance)}`, choose);
    made.dataset.word = each;
    made.setAttribute("aria-pressed", String(each === d.written[word]));
  }
}

/** @type {(own: Own, word: number) => void} */
function drawTable(own, word) {
  const d = own.data;
  own.table.replaceChildren();
  const body = element(own.table, "table").createTBody();
  d.weights[word].forEach((line, row) => {
    const made = body.insertRow();
    heading(made, "row", `row ${row + 1}`);
    line.forEach((weight, column) => {
      const cell = made.insertCell();
      cell.textContent = percent(weight);
      if (d.regions[word][row][column]) cell.className = "sv-pic-inside";
    });
  });
}

/**
 * Show a word, by pointer or step.
 * @type {(own: Own, word: number) => void}
 */
function show(own, word) {
  paint(own, own.canvas, own.alone ? null : own.data.weights[word]);
  drawMarks(own, word);
  drawHeads(own, word);
  say(own, word, wordSentence(own.data, word));
  own.buttons.forEach((each, at) => each.setAttribute("aria-current", String(at === word)));
}

/** @type {(own: Own, word: number) => void} */
function step(own, word) {
  own.word = Math.min(Math.max(word, 0), own.data.written.length - 1);
  show(own, own.word);
  drawNext(own, own.word);
  drawTable(own, own.word);
}

/** @type {(own: Own) => void} */
function drawWords(own) {
  const d = own.data;
  own.buttons = d.written.map((each, word) => {
    const made = button(null, d.forced[word] ? "sv-pic-word sv-pic-forced" : "sv-pic-word", "", () => step(own, word));
    const small = aside(SMALL, SMALL);
    paint(own, small, d.weights[word]);
    made.append(small, element(null, "strong", "", each), element(null, "small", "", percent(d.probability[word])));
    made.setAttribute("role", "listitem");
    made.setAttribute("aria-label", `${each}: ${wordSentence(d, word)}`);
    made.addEventListener("pointerenter", (event) => moved(event) && show(own, word));
    made.addEventListener("pointerleave", () => show(own, own.word));
    return made;
  });
  own.words.replaceChildren(...own.buttons);
}

/** @type {(own: Own, event: MouseEvent) => [row: number, column: number]} */
function cellAt(own, event) {
  const box = own.pane.getBoundingClientRect();
  const cells = own.data.weights[0].length;
  /** @type {(value: number, size: number) => number} */
  const place = (value, size) => Math.min(Math.max(Math.floor((cells * value) / size), 0), cells - 1);
  return [place(event.clientY - box.top, box.height), place(event.clientX - box.left, box.width)];
}

/** @type {(own: Own) => void} */
function wire(own) {
  part(own.frame, ".sv-pic-tools").addEventListener("click", (event) => {
    const move = targetOf(event)?.dataset.move;
    if (move) step(own, own.word + Number(move));
  });
  /** @type {(name: string, setting: "smooth" | "alone") => void} */
  const toggle = (name, setting) => {
    const made = part(own.frame, name);
    made.addEventListener("click", () => {
      own[setting] = !own[setting];
      made.setAttribute("aria-pressed", String(own[setting]));
      drawWords(own);
      step(own, own.word);
    });
  };
  toggle(".sv-pic-smooth", "smooth");
  toggle(".sv-pic-plain", "alone");
  own.pane.addEventListener("pointermove", (event) => {
    if (own.alone || !moved(event)) return;
    const cell = cellAt(own, event);
    if (own.cell === String(cell)) return;
    own.cell = String(cell);
    drawMarks(own, own.word, cell);
    say(own, own.word, cellSentence(own.data, own.word, ...cell));
  });
  own.pane.addEventListener("pointerleave", () => {
    own.cell = undefined;
    show(own, own.word);
  });
  own.marks.addEventListener("click", (event) => {
    const thing = targetOf(event)?.dataset.thing;
    if (thing === undefined || own.data.things.length < 2) return;
    own.report("choice", { kind: "erase", thing: Number(thing), at: Date.now() });
  });
  own.frame.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1, Home: -1e9, End: 1e9 }[event.key];
    if (move === undefined) return;
    event.preventDefault();
    step(own, own.word + move);
  });
}

/** @type {(root: HTMLElement) => Own} */
function begin(root) {
  /** @type {(name: string) => HTMLElement} */
  const of = (name) => part(root, `.sv-pic-${name}`);
  const drawn = { canvas: part(root, ".sv-pic-canvas", HTMLCanvasElement), marks: part(root, ".sv-pic-marks", SVGSVGElement) };
  const boxes = {
    pane: of("frame"),
    said: of("said"),
    heads: of("heads"),
    next: of("next"),
    words: of("words"),
    table: of("table"),
  };
  const own = /** @type {Own} */ ({ frame: part(root, ".sv-pic"), ...drawn, ...boxes, smooth: true, alone: false });
  wire(own);
  return own;
}

/** @type {(call: Call) => void} */
export default function ({ data, parentElement: root, setStateValue }) {
  const own = ownOf(root, () => begin(root));
  const { data: before } = own;
  own.data = data;
  own.report = setStateValue;
  own.pixels = bytesOf(data.picture);
  part(root, ".sv-pic-title").textContent = data.title;
  part(root, ".sv-pic-key").textContent = data.key;
  own.frame.setAttribute("aria-label", data.title);
  own.canvas.setAttribute("aria-label", data.described);
  own.canvas.setAttribute("role", "img");
  drawWords(own);
  const kept = before && own.word < data.written.length && beginAlike(before.written, data.written, own.word);
  step(own, kept ? own.word : data.begin);
}
