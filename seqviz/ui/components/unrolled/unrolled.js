import { piece, SVG } from "../shared/elements.js";
import { written } from "../shared/numbers.js";
import { stepper } from "../shared/stepper.js";

const owners = new WeakMap();
const WIDE = 200;
const TOP = 62;
const MIDDLE = 190;
const LOW = 300;
const RADIUS = 27;
const number = (value) => (typeof value === "number" ? written(value, 3) : "?");
const sub = (t) => String(t).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

const edge = (svg, x1, y1, x2, y2) => piece(svg, "line", { x1, y1, x2, y2, "marker-end": "url(#sv-arrow)" });

function label(svg, x, y, text, from, kind) {
  // x is its left end
  const group = piece(svg, "g", { "data-from": from });
  piece(group, "rect", { x: x - 3, y: y - 9, width: text.length * 6.6 + 6, height: 18, rx: 3 });
  piece(group, "text", { x, y, class: `${kind} sv-start` }, text);
}

// One node: its value appears at step `from`, its derivative below the name at step `back`.
function node(svg, x, y, name, value, from, derivative, back, below = false) {
  const group = piece(svg, "g", { "data-node": from, "data-node-back": back });
  piece(group, "circle", { cx: x, cy: y, r: RADIUS });
  piece(group, "text", { x, y, "data-from": from }, number(value));
  piece(group, "text", { x, y: below ? y + RADIUS + 12 : y - RADIUS - 10, class: "sv-name" }, name);
  if (derivative !== undefined)
    piece(group, "text", { x, y: y + RADIUS + 11, class: "sv-back", "data-from": back }, `∂ ${number(derivative)}`);
}

function draw(box, d) {
  const T = d.inputs.length;
  const width = WIDE * (T + 2);
  const at = (t) => WIDE * (t + 0.5);
  const end = 2 * T + 1;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", width);
  svg.setAttribute("height", 352);
  svg.setAttribute("viewBox", `0 0 ${width} 352`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", d.title);
  const arrow = piece(piece(svg, "defs", {}), "marker", {
    id: "sv-arrow",
    viewBox: "0 0 8 8",
    refX: 7,
    refY: 4,
    markerWidth: 7,
    markerHeight: 7,
    orient: "auto",
  });
  piece(arrow, "path", { d: "M0 0 L8 4 L0 8 z", fill: "currentColor", opacity: 0.6 });
  node(svg, at(0), TOP, "h₀", d.hidden[0], 0, d.to_hidden[0], end);
  for (let t = 1; t <= T; t++) {
    const back = end - t;
    const from = t; // forward step t computes a_t and h_t; backward step T+1-t carries through them
    edge(svg, at(t - 1) + RADIUS, TOP + 8, at(t) - RADIUS * 0.85, MIDDLE - RADIUS * 0.6);
    edge(svg, at(t), LOW - RADIUS, at(t), MIDDLE + RADIUS + 20);
    edge(svg, at(t), MIDDLE - RADIUS - 18, at(t), TOP + RADIUS + 20);
    node(svg, at(t), LOW, `x${sub(t)}`, d.inputs[t - 1], 0, undefined, undefined, true);
    node(svg, at(t), MIDDLE, `a${sub(t)}`, d.preactivations[t - 1], from, d.to_preactivation[t - 1], back + 1);
    node(svg, at(t), TOP, `h${sub(t)}`, d.hidden[t], from, d.to_hidden[t], t === T ? T + 1 : back);
    const half = (TOP + MIDDLE) / 2;
    label(svg, at(t) - WIDE / 2 - 40, half - 12, `×w = ${number(d.w)}`, 0, "");
    label(svg, at(t) - WIDE / 2 - 40, half + 8, `∂h/∂h ${number(d.local_recurrent[t - 1])}`, back + 1, "sv-local");
    label(svg, at(t) + 8, half + 2, `φ′ ${number(d.local_activation[t - 1])}`, back + 1, "sv-local");
    label(svg, at(t) + RADIUS + 6, MIDDLE, `∂w ${number(d.weight_terms[t - 1])}`, back + 1, "sv-local");
    label(svg, at(t) + 8, LOW - RADIUS - 12, `×u = ${number(d.u)}`, 0, "");
  }
  edge(svg, at(T) + RADIUS, TOP, at(T + 1) - RADIUS - 2, TOP);
  node(svg, at(T + 1), TOP, `L = ½(h${sub(T)} − ${number(d.target)})²`, d.loss, T + 1);
  box.replaceChildren(svg);
  return svg;
}

function sentence(d, step) {
  const T = d.inputs.length;
  const n = number;
  if (step === 0) return `Before the first step: h₀ = ${n(d.hidden[0])}, and the inputs are known.`;
  if (step <= T)
    return `Forward, t = ${step}: a${sub(step)} = w·h${sub(step - 1)} + u·x${sub(step)} + b = ${n(d.preactivations[step - 1])}, and h${sub(step)} = φ(a${sub(step)}) = ${n(d.hidden[step])}.`;
  if (step === T + 1)
    return `The loss is ${n(d.loss)}. Backward begins: ∂L/∂h${sub(T)} = h${sub(T)} − target = ${n(d.to_hidden[T])}.`;
  const t = 2 * T + 2 - step;
  return `Backward, t = ${t}: ∂L/∂a${sub(t)} = ∂L/∂h${sub(t)} · φ′ = ${n(d.to_preactivation[t - 1])}; carried through w to ∂L/∂h${sub(t - 1)} = ${n(d.to_hidden[t - 1])}; the use of w at t = ${t} adds ${n(d.weight_terms[t - 1])} to ∂L/∂w.`;
}

function show(own, step) {
  const said = sentence(own.data, step);
  own.said.textContent = said;
  for (const each of own.svg.querySelectorAll("[data-from]"))
    each.classList.toggle("sv-hidden", Number(each.dataset.from) > step);
  for (const each of own.svg.querySelectorAll("[data-node]"))
    each.classList.toggle("sv-now", step > 0 && (Number(each.dataset.node) === step || Number(each.dataset.nodeBack) === step));
  const now = own.svg.querySelector(".sv-now circle");
  if (now) {
    // keep what is computed in sight, without scrolling the page
    const x = Number(now.getAttribute("cx"));
    const box = own.box;
    if (x < box.scrollLeft + WIDE || x > box.scrollLeft + box.clientWidth - WIDE) box.scrollLeft = x - box.clientWidth / 2;
  }
  return said;
}

export default function ({ data, parentElement: root }) {
  let own = owners.get(root);
  if (!own) {
    own = {
      frame: root.querySelector(".sv-unrolled"),
      box: root.querySelector(".sv-unrolled-graph"),
      said: root.querySelector(".sv-unrolled-said"),
    };
    own.stepper = stepper(root.querySelector(".sv-unrolled-bar"), own.frame, {
      label: "Step of the computation",
      show: (_at, step) => show(own, step),
    });
    owners.set(root, own);
  }
  const length = own.data?.inputs.length;
  const last = 2 * data.inputs.length + 1;
  own.data = data;
  own.frame.style.setProperty(
    "--sv-derivative",
    getComputedStyle(root).getPropertyValue("--st-orange-text-color") || "var(--st-primary-color)",
  );
  root.querySelector(".sv-unrolled-title").textContent = data.title;
  own.frame.setAttribute("aria-label", data.title);
  own.svg = draw(own.box, data);
  own.stepper.begin(last, length === data.inputs.length ? own.stepper.step : last);
}
