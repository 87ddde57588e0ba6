// The unrolled graph of a one-unit RNN: every value and every derivative at its node, step by step.
import { ownOf } from "../parts/component.js";
import { part, piece } from "../parts/elements.js";
import { writtenOrUnknown as number, subscript as sub } from "../parts/numbers.js";
import { stepper } from "../parts/stepper.js";

/** @typedef {number | string} Value a word, where it is not finite */

/**
 * @typedef {object} Message
 * @property {string} title
 * @property {number} w the recurrent weight
 * @property {number} u the input weight
 * @property {number} target
 * @property {Value} loss
 * @property {Value[]} inputs T of them
 * @property {Value[]} preactivations T
 * @property {Value[]} hidden T + 1, from h₀ on
 * @property {Value[]} to_hidden T + 1
 * @property {Value[]} to_preactivation T
 * @property {Value[]} local_activation T
 * @property {Value[]} local_recurrent T
 * @property {Value[]} weight_terms T
 */

/**
 * @typedef {object} Own
 * @property {Message} data
 * @property {HTMLElement} frame
 * @property {HTMLElement} box
 * @property {HTMLElement} said
 * @property {SVGSVGElement} svg
 * @property {import("../parts/stepper.js").Stepper} stepper
 */

const WIDE = 200;
const TOP = 62;
const MIDDLE = 190;
const LOW = 300;
const RADIUS = 27;

/** @type {(svg: Element, x1: number, y1: number, x2: number, y2: number) => void} */
const edge = (svg, x1, y1, x2, y2) => {
  piece(svg, "line", { x1, y1, x2, y2, "marker-end": "url(#sv-arrow)" });
};

/** @type {(svg: Element, x: number, y: number, text: string, from: number, kind: string) => void} */
function label(svg, x, y, text, from, kind) {
  const group = piece(svg, "g", { "data-from": from });
  piece(group, "rect", { x: x - 3, y: y - 9, width: text.length * 6.6 + 6, height: 18, rx: 3 });
  piece(group, "text", { x, y, class: `${kind} sv-start` }, text);
}

/**
 * @typedef {object} Node
 * @property {string} name
 * @property {Value} value
 * @property {number} from the step at which its value appears
 * @property {Value} [derivative]
 * @property {number} [back] the step at which its derivative appears
 * @property {boolean} [below] whether its name is below it
 */

/** @type {(svg: Element, x: number, y: number, node: Node) => void} */
function drawNode(svg, x, y, { name, value, from, derivative, back, below = false }) {
  const group = piece(svg, "g", { "data-node": from, "data-node-back": String(back) });
  piece(group, "circle", { cx: x, cy: y, r: RADIUS });
  piece(group, "text", { x, y, "data-from": from }, number(value));
  piece(group, "text", { x, y: below ? y + RADIUS + 12 : y - RADIUS - 10, class: "sv-name" }, name);
  if (derivative === undefined) return;
  piece(group, "text", { x, y: y + RADIUS + 11, class: "sv-back", "data-from": String(back) }, `∂ ${number(derivative)}`);
}

/** @type {(t: number) => number} */
const middleOf = (t) => WIDE * (t + 0.5);

/** @type {(d: Message, width: number) => SVGSVGElement} */
function emptyGraph(d, width) {
  const box = { width, height: 352, viewBox: `0 0 ${width} 352`, role: "img", "aria-label": d.title };
  const svg = piece(null, "svg", box);
  const size = { viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  const arrow = piece(piece(svg, "defs", {}), "marker", { id: "sv-arrow", ...size });
  piece(arrow, "path", { d: "M0 0 L8 4 L0 8 z", fill: "currentColor", opacity: 0.6 });
  return svg;
}

/**
 * Forward step t computes a_t and h_t; backward step T + 1 − t carries through them.
 * @type {(svg: Element, d: Message, t: number) => void}
 */
function drawTime(svg, d, t) {
  const T = d.inputs.length;
  const back = 2 * T + 1 - t;
  const x = middleOf(t);
  edge(svg, middleOf(t - 1) + RADIUS, TOP + 8, x - RADIUS * 0.85, MIDDLE - RADIUS * 0.6);
  edge(svg, x, LOW - RADIUS, x, MIDDLE + RADIUS + 20);
  edge(svg, x, MIDDLE - RADIUS - 18, x, TOP + RADIUS + 20);
  drawNode(svg, x, LOW, { name: `x${sub(t)}`, value: d.inputs[t - 1], from: 0, below: true });
  const preactivation = { value: d.preactivations[t - 1], derivative: d.to_preactivation[t - 1] };
  drawNode(svg, x, MIDDLE, { name: `a${sub(t)}`, ...preactivation, from: t, back: back + 1 });
  const state = { value: d.hidden[t], derivative: d.to_hidden[t] };
  drawNode(svg, x, TOP, { name: `h${sub(t)}`, ...state, from: t, back: t === T ? T + 1 : back });
  const half = (TOP + MIDDLE) / 2;
  label(svg, x - WIDE / 2 - 40, half - 12, `×w = ${number(d.w)}`, 0, "");
  label(svg, x - WIDE / 2 - 40, half + 8, `∂h/∂h ${number(d.local_recurrent[t - 1])}`, back + 1, "sv-local");
  label(svg, x + 8, half + 2, `φ′ ${number(d.local_activation[t - 1])}`, back + 1, "sv-local");
  label(svg, x + RADIUS + 6, MIDDLE, `∂w ${number(d.weight_terms[t - 1])}`, back + 1, "sv-local");
  label(svg, x + 8, LOW - RADIUS - 12, `×u = ${number(d.u)}`, 0, "");
}

/** @type {(d: Message) => SVGSVGElement} */
function graphOf(d) {
  const T = d.inputs.length;
  const svg = emptyGraph(d, WIDE * (T + 2));
  drawNode(svg, middleOf(0), TOP, { name: "h₀", value: d.hidden[0], from: 0, derivative: d.to_hidden[0], back: 2 * T + 1 });
  for (let t = 1; t <= T; t++) drawTime(svg, d, t);
  edge(svg, middleOf(T) + RADIUS, TOP, middleOf(T + 1) - RADIUS - 2, TOP);
  drawNode(svg, middleOf(T + 1), TOP, { name: `L = ½(h${sub(T)} − ${number(d.target)})²`, value: d.loss, from: T + 1 });
  return svg;
}

/** @type {(d: Message, step: number) => string} */
export function sentence(d, step) {
  const T = d.inputs.length;
  if (step === 0) return `Before the first step: h₀ = ${number(d.hidden[0])}, and the inputs are known.`;
  if (step <= T) {
    const sum = `a${sub(step)} = w·h${sub(step - 1)} + u·x${sub(step)} + b = ${number(d.preactivations[step - 1])}`;
    return `Forward, t = ${step}: ${sum}, and h${sub(step)} = φ(a${sub(step)}) = ${number(d.hidden[step])}.`;
  }
  if (step === T + 1) {
    const begun = `∂L/∂h${sub(T)} = h${sub(T)} − target = ${number(d.to_hidden[T])}`;
    return `The loss is ${number(d.loss)}. Backward begins: ${begun}.`;
  }
  const t = 2 * T + 2 - step;
  const through = `∂L/∂a${sub(t)} = ∂L/∂h${sub(t)} · φ′ = ${number(d.to_preactivation[t - 1])}`;
  const carried = `carried through w to ∂L/∂h${sub(t - 1)} = ${number(d.to_hidden[t - 1])}`;
  const used = `the use of w at t = ${t} adds ${number(d.weight_terms[t - 1])} to ∂L/∂w`;
  return `Backward, t = ${t}: ${through}; ${carried}; ${used}.`;
}

/** @type {(own: Own, step: number) => string} */
function show(own, step) {
  const said = sentence(own.data, step);
  own.said.textContent = said;
  for (const each of own.svg.querySelectorAll("g[data-from], text[data-from]")) {
    each.classList.toggle("sv-hidden", Number(each.getAttribute("data-from")) > step);
  }
  for (const each of own.svg.querySelectorAll("g[data-node]")) {
    const at = ["data-node", "data-node-back"].some((name) => Number(each.getAttribute(name)) === step);
    each.classList.toggle("sv-now", step > 0 && at);
  }
  keepInSight(own);
  return said;
}

/**
 * Scroll the current computation into view without scrolling the page.
 * @type {(own: Own) => void}
 */
function keepInSight({ box, svg }) {
  const now = svg.querySelector(".sv-now circle");
  if (!now) return;
  const x = Number(now.getAttribute("cx"));
  if (x < box.scrollLeft + WIDE || x > box.scrollLeft + box.clientWidth - WIDE) box.scrollLeft = x - box.clientWidth / 2;
}

/** @type {(root: HTMLElement, data: Message) => Own} */
function begin(root, data) {
  const frame = part(root, ".sv-unrolled");
  const parts = { box: part(root, ".sv-unrolled-graph"), said: part(root, ".sv-unrolled-said") };
  const own = /** @type {Own} */ ({ data, frame, ...parts });
  const label = "Step of the computation";
  own.stepper = stepper(part(root, ".sv-unrolled-bar"), frame, { label, show: (_, step) => show(own, step) });
  return own;
}

/** @type {(call: import("../parts/component.js").Call<Message, {}>) => void} */
export default function ({ data, parentElement: root }) {
  const own = ownOf(root, () => begin(root, data));
  const last = 2 * data.inputs.length + 1;
  const same = own.svg && own.data.inputs.length === data.inputs.length;
  const derivative = getComputedStyle(root).getPropertyValue("--st-orange-text-color") || "var(--st-primary-color)";
  own.data = data;
  own.frame.style.setProperty("--sv-derivative", derivative);
  part(root, ".sv-unrolled-title").textContent = data.title;
  own.frame.setAttribute("aria-label", data.title);
  own.svg = graphOf(data);
  own.box.replaceChildren(own.svg);
  own.stepper.begin(last, same ? own.stepper.step : last);
}
