// A translation, stepped word by word: its attention as lines and as a map, and the numbers behind the word being written.
import { penOf } from "../parts/canvas.js";
import { ownOf } from "../parts/component.js";
import { element, heading, part, piece } from "../parts/elements.js";
import { writtenOrUnknown as number, percent } from "../parts/numbers.js";
import { keyed, moved } from "../parts/pointer.js";
import { stepper } from "../parts/stepper.js";
import { blank } from "../parts/tokens.js";
import { lookSentence, PHASES, phaseOf, sentence, strongest, wordOf } from "./words.js";

/** @typedef {import("./words.js").Message} Message */
/** @typedef {{ source: number, target: number, at: number }} Place a cell that was clicked, and when */
/** @typedef {import("../parts/component.js").Call<Message, { place: Place }>} Call */
/** @typedef {{ source?: number, target?: number }} At what is pointed at */

/**
 * @typedef {object} Own
 * @property {Message} data
 * @property {HTMLElement} frame
 * @property {HTMLElement} lines
 * @property {HTMLElement} map
 * @property {HTMLElement} said
 * @property {HTMLElement} numbers
 * @property {HTMLElement} sum
 * @property {number} step
 * @property {Call["setStateValue"]} report
 * @property {import("../parts/stepper.js").Stepper} stepper
 */

const CELL = 30;
const GAP = 150;
const PLAY_MS = 900;
const FAINTEST = 0.01; // a smaller share has no line

/** @type {(box: HTMLElement, width: number, height: number, label: string) => SVGSVGElement} */
function picture(box, width, height, label) {
  box.replaceChildren();
  return piece(box, "svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
}

const pen = penOf(document.createElement("canvas"));

/** @type {(word: string, frame: Element) => number} */
function widthOf(word, frame) {
  pen.font = `14px ${getComputedStyle(frame).fontFamily}`;
  return pen.measureText(word).width;
}

/**
 * The middle of each word, side by side.
 * @type {(words: string[], frame: Element) => { middles: number[], width: number }}
 */
function places(words, frame) {
  let x = 6;
  const middles = words.map((word) => {
    const wide = Math.max(widthOf(word, frame), 14) + 16;
    x += wide;
    return x - wide / 2;
  });
  return { middles, width: x + 6 };
}

/** @typedef {Record<string, string | number>} Attributes */

/** @type {(svg: Element, own: Own, kind: "source" | "target", index: number, attributes: Attributes) => void} */
function drawWord(svg, own, kind, index, attributes) {
  const d = own.data;
  const isSource = kind === "source";
  const unusual = isSource ? !d.known[index] : d.forced[index];
  const marks = unusual ? (isSource ? "sv-unknown" : "sv-forced") : "";
  const token = (isSource ? d.source : d.written)[index];
  const text = piece(svg, "text", { ...attributes, class: marks, [`data-${kind}`]: index }, blank(token));
  text.addEventListener("pointerenter", (event) => moved(event) && point(own, { [kind]: index }));
  text.addEventListener("pointerleave", () => leave(own));
  if (!isSource) text.addEventListener("click", () => own.stepper.go((index + 1) * PHASES));
}

/** @type {(own: Own) => void} */
function drawLines(own) {
  const d = own.data;
  const [source, target] = [places(d.source, own.frame), places(d.written, own.frame)];
  const width = Math.max(source.width, target.width);
  /** @type {(row: { middles: number[], width: number }) => number[]} */
  const centred = (row) => row.middles.map((x) => x + (width - row.width) / 2);
  const [above, below] = [centred(source), centred(target)];
  const svg = picture(own.lines, width, GAP + 50, d.title);
  if (d.weights) drawShares(svg, d.weights, above, below);
  else drawBottleneck(svg, d.handed, above, below, width / 2);
  above.forEach((x, s) => drawWord(svg, own, "source", s, { x, y: 16, "text-anchor": "middle" }));
  below.forEach((x, t) => drawWord(svg, own, "target", t, { x, y: GAP + 34, "text-anchor": "middle" }));
}

/** @type {(svg: Element, weights: number[][], above: number[], below: number[]) => void} */
function drawShares(svg, weights, above, below) {
  weights.forEach((row, t) => {
    row.forEach((weight, s) => {
      if (weight < FAINTEST) return;
      const stroke = { "stroke-width": Math.max(0.4, 9 * weight), "stroke-opacity": 0.25 + 0.6 * weight };
      const ends = { x1: above[s], y1: 30, x2: below[t], y2: GAP + 18 };
      piece(svg, "line", { ...ends, ...stroke, "data-line-source": s, "data-line-target": t });
    });
  });
}

/**
 * Everything read passes through a single state.
 * @type {(svg: Element, handed: number, above: number[], below: number[], middle: number) => void}
 */
function drawBottleneck(svg, handed, above, below, middle) {
  const y = GAP / 2 + 23;
  const stroke = { "stroke-width": 1.2, "stroke-opacity": 0.5 };
  for (const x of above) piece(svg, "line", { x1: x, y1: 30, x2: middle, y2: y, ...stroke });
  below.forEach((x, t) => piece(svg, "line", { x1: middle, y1: y, x2: x, y2: GAP + 18, ...stroke, "data-line-target": t }));
  piece(svg, "rect", { x: middle - 62, y: y - 14, width: 124, height: 28, rx: 6, class: "sv-state" });
  piece(svg, "text", { x: middle, y, "text-anchor": "middle" }, `${handed} numbers`);
}

/** @type {(own: Own) => void} */
function drawMap(own) {
  const d = own.data;
  const { weights } = d;
  own.map.hidden = !weights;
  if (!weights) return;
  /** @type {(words: string[]) => number} */
  const widest = (words) => Math.max(...words.map((each) => widthOf(each, own.frame)));
  const left = widest(d.written) + 14;
  const top = Math.min(140, widest(d.source) * 0.75 + 22);
  const svg = picture(own.map, left + CELL * d.source.length + 70, top + CELL * d.written.length + 4, d.title);
  svg.setAttribute("role", "group");
  const gold = new Set((d.gold ?? []).map(([s, t]) => `${s},${t}`));
  d.source.forEach((_, s) => {
    drawWord(svg, own, "source", s, { transform: `translate(${left + CELL * (s + 0.5)} ${top - 8}) rotate(-48)` });
  });
  d.written.forEach((_, t) => {
    drawWord(svg, own, "target", t, { x: left - 8, y: top + CELL * (t + 0.5), "text-anchor": "end" });
    weights[t].forEach((weight, s) => {
      const cell = { s, t, weight, linked: gold.has(`${s},${t}`) };
      drawCell(svg, own, cell, left + CELL * s, top + CELL * t);
    });
  });
}

/** @typedef {{ s: number, t: number, weight: number, linked: boolean }} Cell of the map */

/** @type {(svg: Element, own: Own, cell: Cell, x: number, y: number) => void} */
function drawCell(svg, own, { s, t, weight, linked }, x, y) {
  const d = own.data;
  const inside = { x: x + 1, y: y + 1, width: CELL - 2, height: CELL - 2 };
  piece(svg, "rect", { ...inside, class: "sv-cell", "fill-opacity": weight, "data-cell-target": t });
  if (linked) piece(svg, "circle", { cx: x + CELL / 2, cy: y + CELL / 2, r: 5, class: "sv-gold" });
  const first = !s && !t;
  const role = { tabindex: first ? 0 : -1, role: "button" };
  const frame = piece(svg, "rect", { ...inside, class: "sv-frame", "data-frame": `${s},${t}`, ...role });
  const right = linked ? " (the right word by the grammar)" : "";
  const hint = d.movable ? "; click to make it look here alone" : "";
  const words = `${d.written[t]} looks at ${d.source[s]}: ${percent(weight)}${right}${hint}`;
  piece(frame, "title", {}, words);
  frame.setAttribute("aria-label", words);
  wireCell(own, frame, s, t);
}

/** @type {(own: Own, frame: SVGRectElement, s: number, t: number) => void} */
function wireCell(own, frame, s, t) {
  frame.addEventListener("pointerenter", (event) => moved(event) && point(own, { source: s, target: t }));
  frame.addEventListener("pointerleave", () => leave(own));
  frame.addEventListener("focus", () => point(own, { source: s, target: t }));
  frame.addEventListener("blur", () => point(own, null));
  const look = () => {
    if (own.data.movable) own.report("place", { source: s, target: t, at: Date.now() });
  };
  frame.addEventListener("click", look);
  frame.addEventListener("keydown", (event) => {
    const move = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!move && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (move) focusCell(own, frame, s + move[0], t + move[1]);
    else look();
  });
}

/**
 * Only one cell is in the tab order: the last one focused.
 * @type {(own: Own, from: SVGRectElement, s: number, t: number) => void}
 */
function focusCell(own, from, s, t) {
  const to = own.map.querySelector(`[data-frame="${s},${t}"]`);
  if (!(to instanceof SVGRectElement)) return;
  from.setAttribute("tabindex", "-1");
  to.setAttribute("tabindex", "0");
  to.focus();
}

/**
 * Back to the cell that the keys are at, if they are at one.
 * @type {(own: Own) => void}
 */
function leave(own) {
  const [source, target] = keyed(own.map)?.dataset.frame?.split(",").map(Number) ?? [];
  point(own, source === undefined ? null : { source, target });
}

/**
 * Keep only the word under the pointer, and what belongs to it, in full colour.
 * @type {(own: Own, at: At | null) => void}
 */
function point(own, at) {
  /** @type {(told: number | undefined, held: string | null) => boolean} */
  const other = (told, held) => told !== undefined && Number(held ?? Number.NaN) !== told;
  for (const line of own.frame.querySelectorAll("[data-line-target]")) {
    const [source, target] = ["source", "target"].map((kind) => line.getAttribute(`data-line-${kind}`));
    line.classList.toggle("sv-faint", Boolean(at) && (other(at?.target, target) || other(at?.source, source)));
  }
  for (const text of own.frame.querySelectorAll("text[data-source], text[data-target]")) {
    const kind = text.hasAttribute("data-source") ? "source" : "target";
    const index = Number(text.getAttribute(`data-${kind}`));
    const current = kind === "target" && index === wordOf(own.step);
    text.classList.toggle("sv-now", at ? at[kind] === index : current);
  }
  if (!at) own.said.textContent = sentence(own.data, own.step);
  else if (at.target !== undefined && at.target <= wordOf(own.step)) {
    own.said.textContent = lookSentence(own.data, at.target, at.source);
  }
}

/**
 * A table with row headers.
 * @type {(parent: Element, caption: string, head: string[] | null, rows: string[][], chosen: number) => void}
 */
function drawTable(parent, caption, head, rows, chosen) {
  const table = element(parent, "table");
  table.createCaption().textContent = caption;
  if (head) {
    const line = table.createTHead().insertRow();
    for (const each of head) heading(line, "col", each);
  }
  const body = table.createTBody();
  rows.forEach(([name, ...values], index) => {
    const row = body.insertRow();
    heading(row, "row", name);
    if (index === chosen) row.className = "sv-chosen";
    for (const value of values) row.insertCell().textContent = value;
  });
}

/** @type {(own: Own) => void} */
function drawNumbers(own) {
  const d = own.data;
  const t = wordOf(own.step);
  const phase = phaseOf(own.step);
  own.numbers.replaceChildren();
  own.sum.replaceChildren();
  if (own.step === 0) return;
  if (d.weights) drawLooks(own.numbers, d, d.weights[t], t, phase >= 2);
  if (phase >= PHASES || (!d.weights && phase >= 3)) {
    const offered = d.alternatives[t];
    const rows = offered.map(([each, chance]) => [each, percent(chance)]);
    const chosen = offered.findIndex(([each]) => each === d.written[t]);
    drawTable(own.numbers, "Likeliest next words", ["", "probability"], rows, chosen);
  }
  if (d.weights && d.contexts && phase >= 3) {
    const [found, read] = d.heads ? ["added by the heads", "read off at the end"] : ["context", "with the state, after tanh"];
    const rows = [
      [`${found} (of ${d.contextUnits})`, ...d.contexts[t].map(number)],
      [`${read} (of ${d.units})`, ...d.combined[t].map(number)],
    ];
    drawTable(own.sum, `The first ${d.contexts[t].length} units`, null, rows, -1);
  }
}

/** @type {(parent: Element, d: Message, weights: number[], t: number, shares: boolean) => void} */
function drawLooks(parent, d, weights, t, shares) {
  const scores = d.scores?.[t];
  const head = ["", ...(scores ? ["score"] : []), ...(shares ? ["share"] : [])];
  const rows = d.source.map((each, s) => {
    return [blank(each), ...(scores ? [number(scores[s])] : []), ...(shares ? [percent(weights[s])] : [])];
  });
  drawTable(parent, `Looking back for word ${t + 1}`, head, rows, shares ? strongest(weights) : -1);
}

/** @type {(own: Own, step: number) => string} */
function show(own, step) {
  own.step = step;
  const t = wordOf(step);
  const phase = phaseOf(step);
  const looked = step ? (phase >= 2 ? t : t - 1) : -1;
  const written = step ? (phase >= PHASES ? t : t - 1) : -1;
  /** @type {(selector: string, name: string, last: number) => void} */
  const fade = (selector, name, last) => {
    for (const each of own.frame.querySelectorAll(`${selector}[${name}]`)) {
      each.classList.toggle("sv-later", Number(each.getAttribute(name)) > last);
    }
  };
  fade("text", "data-target", written);
  fade("", "data-line-target", looked);
  fade("", "data-cell-target", looked);
  drawNumbers(own);
  point(own, null);
  return sentence(own.data, step);
}

/** @type {(root: HTMLElement, data: Message) => Own} */
function begin(root, data) {
  /** @type {(name: string) => HTMLElement} */
  const of = (name) => part(root, `.sv-align-${name}`);
  const frame = part(root, ".sv-align");
  const parts = { lines: of("lines"), map: of("map"), said: of("said"), numbers: of("numbers"), sum: of("sum") };
  const own = /** @type {Own} */ ({ data, frame, ...parts });
  /** @type {(step: number) => number} */
  const nextWord = (step) => (Math.floor(step / PHASES) + 1) * PHASES;
  own.stepper = stepper(of("bar"), frame, {
    label: "Step of the decoding",
    pace: PLAY_MS,
    show: (_, step) => show(own, step),
    jumps: [{ text: "next word ▶▶", name: "To the next word", to: nextWord }],
  });
  return own;
}

/** @type {(call: Call) => void} */
export default function ({ data, parentElement: root, setStateValue }) {
  const own = ownOf(root, () => begin(root, data));
  Object.assign(own, { data, report: setStateValue, step: data.written.length * PHASES });
  part(root, ".sv-align-title").textContent = data.title;
  own.frame.setAttribute("aria-label", data.title);
  drawLines(own);
  drawMap(own);
  own.stepper.begin(own.step);
}
