import { piece } from "../shared/elements.js";
import { percent, written } from "../shared/numbers.js";
import { keyed, moved } from "../shared/pointer.js";
import { stepper } from "../shared/stepper.js";
import { blank } from "../shared/tokens.js";

const owners = new WeakMap();
const PHASES = 4;
const CELL = 30;
const GAP = 150;
const PLAY_MS = 900;
const number = (value) => (typeof value === "number" ? written(value, 3) : "?");
function picture(box, width, height, label) {
  box.replaceChildren();
  return piece(box, "svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
}

const canvas = document.createElement("canvas").getContext("2d");
function widthOf(word, frame) {
  canvas.font = `14px ${getComputedStyle(frame).fontFamily}`;
  return canvas.measureText(word).width;
}

function places(words, frame) {
  // the middle of each word, side by side
  let x = 6;
  const middles = words.map((word) => {
    const wide = Math.max(widthOf(word, frame), 14) + 16;
    x += wide;
    return x - wide / 2;
  });
  return { middles, width: x + 6 };
}

function word(svg, own, kind, index, attributes) {
  const d = own.data;
  const marks = kind === "source" ? (d.known[index] ? "" : "sv-unknown") : d.forced[index] ? "sv-forced" : "";
  const text = piece(
    svg,
    "text",
    { ...attributes, class: marks, [`data-${kind}`]: index },
    blank((kind === "source" ? d.source : d.written)[index]),
  );
  text.addEventListener("pointerenter", (event) => moved(event) && point(own, { [kind]: index }));
  text.addEventListener("pointerleave", () => leave(own));
  if (kind === "target") text.addEventListener("click", () => own.stepper.go((index + 1) * PHASES));
}

function drawLines(own) {
  const d = own.data;
  const above = places(d.source, own.frame);
  const below = places(d.written, own.frame);
  const width = Math.max(above.width, below.width);
  const shift = (row) => (width - row.width) / 2;
  const svg = picture(own.lines, width, GAP + 50, d.title);
  if (!d.weights)
    drawBottleneck(
      own,
      svg,
      above.middles.map((x) => x + shift(above)),
      below.middles.map((x) => x + shift(below)),
      width / 2,
    );
  if (d.weights)
    d.weights.forEach((row, t) =>
      row.forEach((weight, s) => {
        if (weight < 0.01) return;
        piece(svg, "line", {
          x1: above.middles[s] + shift(above),
          y1: 30,
          x2: below.middles[t] + shift(below),
          y2: GAP + 18,
          "stroke-width": Math.max(0.4, 9 * weight),
          "stroke-opacity": 0.25 + 0.6 * weight,
          "data-line-source": s,
          "data-line-target": t,
        });
      }),
    );
  d.source.forEach((_, s) =>
    word(svg, own, "source", s, { x: above.middles[s] + shift(above), y: 16, "text-anchor": "middle" }),
  );
  d.written.forEach((_, t) =>
    word(svg, own, "target", t, { x: below.middles[t] + shift(below), y: GAP + 34, "text-anchor": "middle" }),
  );
}

function drawBottleneck(own, svg, above, below, middle) {
  // all that is read goes through one state
  const y = GAP / 2 + 23;
  for (const x of above) piece(svg, "line", { x1: x, y1: 30, x2: middle, y2: y, "stroke-width": 1.2, "stroke-opacity": 0.5 });
  below.forEach((x, t) =>
    piece(svg, "line", {
      x1: middle,
      y1: y,
      x2: x,
      y2: GAP + 18,
      "stroke-width": 1.2,
      "stroke-opacity": 0.5,
      "data-line-target": t,
    }),
  );
  piece(svg, "rect", { x: middle - 62, y: y - 14, width: 124, height: 28, rx: 6, class: "sv-state" });
  piece(svg, "text", { x: middle, y, "text-anchor": "middle" }, `${own.data.handed} numbers`);
}

function drawMap(own) {
  const d = own.data;
  own.map.hidden = !d.weights;
  if (!d.weights) return;
  const left = Math.max(...d.written.map((each) => widthOf(each, own.frame))) + 14;
  const top = Math.min(140, Math.max(...d.source.map((each) => widthOf(each, own.frame))) * 0.75 + 22);
  const svg = picture(own.map, left + CELL * d.source.length + 70, top + CELL * d.written.length + 4, d.title);
  svg.setAttribute("role", "group");
  const gold = new Set((d.gold ?? []).map(([s, t]) => `${s},${t}`));
  d.source.forEach((_, s) =>
    word(svg, own, "source", s, { transform: `translate(${left + CELL * (s + 0.5)} ${top - 8}) rotate(-48)` }),
  );
  d.written.forEach((_, t) => {
    word(svg, own, "target", t, { x: left - 8, y: top + CELL * (t + 0.5), "text-anchor": "end" });
    d.weights[t].forEach((weight, s) => cell(svg, own, s, t, weight, left + CELL * s, top + CELL * t, gold.has(`${s},${t}`)));
  });
}

function cell(svg, own, s, t, weight, x, y, linked) {
  const d = own.data;
  const first = !s && !t;
  const said = `${d.written[t]} looks at ${d.source[s]}: ${percent(weight)}`;
  piece(svg, "rect", {
    x: x + 1,
    y: y + 1,
    width: CELL - 2,
    height: CELL - 2,
    class: "sv-cell",
    "fill-opacity": weight,
    "data-cell-target": t,
  });
  if (linked) piece(svg, "circle", { cx: x + CELL / 2, cy: y + CELL / 2, r: 5, class: "sv-gold" });
  const frame = piece(svg, "rect", {
    x: x + 1,
    y: y + 1,
    width: CELL - 2,
    height: CELL - 2,
    class: "sv-frame",
    "data-frame": `${s},${t}`,
    tabindex: first ? 0 : -1,
    role: "button",
  });
  const words =
    said + (linked ? " (the right word by the grammar)" : "") + (d.movable ? "; click to make it look here alone" : "");
  piece(frame, "title", {}, words);
  frame.setAttribute("aria-label", words);
  frame.addEventListener("pointerenter", (event) => moved(event) && point(own, { source: s, target: t }));
  frame.addEventListener("pointerleave", () => leave(own));
  frame.addEventListener("focus", () => point(own, { source: s, target: t }));
  frame.addEventListener("blur", () => point(own, null));
  const look = () => own.data.movable && own.report("place", { source: s, target: t, at: Date.now() });
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

function focusCell(own, from, s, t) {
  // one cell alone is in the order of the tab key: the last that had the focus
  const to = own.map.querySelector(`[data-frame="${s},${t}"]`);
  if (!to) return;
  from.setAttribute("tabindex", -1);
  to.setAttribute("tabindex", 0);
  to.focus();
}

function leave(own) {
  // back to the cell that the keys are at, if they are at one
  const [source, target] = keyed(own.map)?.dataset.frame?.split(",").map(Number) ?? [];
  point(own, source === undefined ? null : { source, target });
}

function point(own, at) {
  // only what belongs to the word under the pointer stays in full colour
  for (const line of own.frame.querySelectorAll("[data-line-target]"))
    line.classList.toggle(
      "sv-faint",
      Boolean(at) &&
        ((at.target !== undefined && Number(line.dataset.lineTarget) !== at.target) ||
          (at.source !== undefined && Number(line.dataset.lineSource) !== at.source)),
    );
  for (const text of own.frame.querySelectorAll("text[data-source], text[data-target]")) {
    const isSource = text.dataset.source !== undefined;
    const index = Number(isSource ? text.dataset.source : text.dataset.target);
    const current = !isSource && index === wordOf(own.step);
    text.classList.toggle("sv-now", at ? at[isSource ? "source" : "target"] === index : current);
  }
  if (at?.target !== undefined && at.target <= wordOf(own.step))
    own.said.textContent = lookSentence(own.data, at.target, at.source);
  else if (!at) own.said.textContent = sentence(own.data, own.step);
}

const wordOf = (step) => Math.max(0, Math.ceil(step / PHASES) - 1);
const phaseOf = (step) => (step === 0 ? 0 : ((step - 1) % PHASES) + 1);

function lookSentence(d, t, s) {
  if (!d.weights)
    return `${d.written[t]}: probability ${percent(d.probability[t])}; this network has no attention to look with.`;
  if (s !== undefined)
    return `While writing ${d.written[t]}, the share of attention on ${d.source[s]} is ${percent(d.weights[t][s])}${d.scores ? ` (score ${number(d.scores[t][s])})` : `, the mean of ${d.heads} heads`}.`;
  const order = d.weights[t]
    .map((weight, index) => [weight, index])
    .sort((a, b) => b[0] - a[0])
    .slice(0, 3);
  return `While writing ${d.written[t]}, it looks at ${order.map(([weight, index]) => `${d.source[index]} ${percent(weight)}`).join(", ")}.`;
}

function sentence(d, step) {
  const t = wordOf(step);
  const before = t ? d.written[t - 1] : "<sos>";
  const n = d.source.length;
  const first = d.bidirectional ? "a state made of the last one of each direction" : "the last one";
  if (d.heads && phaseOf(step) < PHASES && !(step && phaseOf(step) === 2 && d.moved[t]))
    return headsSentence(d, step, t, before, n);
  if (step === 0)
    return d.weights
      ? `The encoder has read ${n} words: one state for each. The decoder begins in ${first}.`
      : `The encoder has read ${n} words. All that the decoder gets is ${first}.`;
  switch (phaseOf(step)) {
    case 1:
      return d.weights
        ? `Word ${t + 1}: ${d.looksBefore ? `before the decoder reads ${before}, its` : `having read ${before}, the decoder's`} state is scored against each of the ${n} encoder states.`
        : `Word ${t + 1}: the decoder reads ${before} and moves to its next state; there is nothing to look back at.`;
    case 2:
      if (d.weights && d.moved[t])
        return `You moved its attention: all of it goes to ${d.source[d.weights[t].indexOf(Math.max(...d.weights[t]))]}, whatever the scores say.`;
      return d.weights
        ? `Softmax makes the scores shares of 1: most, ${percent(Math.max(...d.weights[t]))}, goes to ${d.source[d.weights[t].indexOf(Math.max(...d.weights[t]))]}.`
        : `The state is all it has: the whole sentence came in ${d.handed} numbers.`;
    case 3:
      return d.weights
        ? `The context is the sum of the encoder states, each times its share; joined to the decoder's state and squashed by tanh, it is what the word is read off.`
        : `The word is read off the state.`;
    default:
      return `${d.forced[t] ? "You made it write" : "It writes"} ${d.written[t]} (probability ${percent(d.probability[t])}); the sentence so far has probability ${number(d.probability.slice(0, t + 1).reduce((a, b) => a * b, 1))}.`;
  }
}

function headsSentence(d, step, t, before, n) {
  if (step === 0) return `The encoder has read ${n} words, all at once: a state for each. Nothing else is handed on.`;
  switch (phaseOf(step)) {
    case 1:
      return `Word ${t + 1}: having read ${before}, each of the ${d.heads} heads of the decoder's last layer scores the ${n} words read; those of the layers below have looked already.`;
    case 2:
      return `Softmax makes each head's scores shares of 1. In the mean of the ${d.heads} heads most, ${percent(Math.max(...d.weights[t]))}, goes to ${d.source[d.weights[t].indexOf(Math.max(...d.weights[t]))]}.`;
    default:
      return `What the heads found is added to the decoder's state at this word; behind a feed-forward network and a norm, the next word is read off it.`;
  }
}

function table(parent, caption, head, rows, chosen) {
  const made = document.createElement("table");
  made.createCaption().textContent = caption;
  const line = head && made.createTHead().insertRow();
  for (const each of head ?? []) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = each;
    line.append(th);
  }
  const body = made.createTBody();
  rows.forEach(([name, ...values], index) => {
    const row = body.insertRow();
    const th = document.createElement("th");
    th.scope = "row";
    th.textContent = name;
    row.append(th);
    if (index === chosen) row.className = "sv-chosen";
    for (const value of values) row.insertCell().textContent = value;
  });
  parent.append(made);
}

function drawNumbers(own) {
  const d = own.data;
  const t = wordOf(own.step);
  const phase = phaseOf(own.step);
  own.numbers.replaceChildren();
  own.sum.replaceChildren();
  if (own.step === 0) return;
  if (d.weights) {
    const top = d.weights[t].indexOf(Math.max(...d.weights[t]));
    const shares = phase >= 2;
    table(
      own.numbers,
      `Looking back for word ${t + 1}`,
      ["", ...(d.scores ? ["score"] : []), ...(shares ? ["share"] : [])],
      d.source.map((each, s) => [
        blank(each),
        ...(d.scores ? [number(d.scores[t][s])] : []),
        ...(shares ? [percent(d.weights[t][s])] : []),
      ]),
      shares ? top : -1,
    );
  }
  if (phase >= 4 || (!d.weights && phase >= 3)) {
    const offered = d.alternatives[t];
    table(
      own.numbers,
      "Likeliest next words",
      ["", "probability"],
      offered.map(([each, p]) => [each, percent(p)]),
      offered.findIndex(([each]) => each === d.written[t]),
    );
  }
  if (d.weights && phase >= 3)
    table(
      own.sum,
      `The first ${d.contexts[t].length} units`,
      null,
      [
        [`${d.heads ? "added by the heads" : "context"} (of ${d.contextUnits})`, ...d.contexts[t].map(number)],
        [`${d.heads ? "read off at the end" : "with the state, after tanh"} (of ${d.units})`, ...d.combined[t].map(number)],
      ],
      -1,
    );
}

function show(own, step) {
  own.step = step;
  const t = wordOf(step);
  const phase = phaseOf(step);
  const looked = step ? (phase >= 2 ? t : t - 1) : -1;
  const written = step ? (phase >= 4 ? t : t - 1) : -1;
  for (const each of own.frame.querySelectorAll("text[data-target]"))
    each.classList.toggle("sv-later", Number(each.dataset.target) > written);
  for (const each of own.frame.querySelectorAll("[data-line-target]"))
    each.classList.toggle("sv-later", Number(each.dataset.lineTarget) > looked);
  for (const each of own.frame.querySelectorAll("[data-cell-target]"))
    each.classList.toggle("sv-later", Number(each.dataset.cellTarget) > looked);
  drawNumbers(own);
  point(own, null);
  return sentence(own.data, step);
}

export default function ({ data, parentElement: root, setStateValue }) {
  let own = owners.get(root);
  if (!own) {
    const part = (name) => root.querySelector(`.sv-align-${name}`);
    own = {
      frame: root.querySelector(".sv-align"),
      lines: part("lines"),
      map: part("map"),
      said: part("said"),
      numbers: part("numbers"),
      sum: part("sum"),
    };
    own.stepper = stepper(part("bar"), own.frame, {
      label: "Step of the decoding",
      pace: PLAY_MS,
      show: (_at, step) => show(own, step),
      jumps: [{ text: "next word ▶▶", name: "To the next word", to: (step) => (Math.floor(step / PHASES) + 1) * PHASES }],
    });
    owners.set(root, own);
  }
  own.data = data;
  own.report = setStateValue;
  root.querySelector(".sv-align-title").textContent = data.title;
  own.frame.setAttribute("aria-label", data.title);
  own.step = data.written.length * PHASES;
  drawLines(own);
  drawMap(own);
  own.stepper.begin(own.step);
}
