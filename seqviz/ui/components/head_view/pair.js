// From one query and one key to the weight between them, and on to what the head answers: every number on the way.

import { element, piece } from "../shared/elements.js";
import { percent, written } from "../shared/numbers.js";
import { blank } from "../shared/tokens.js";

const ROW = 46;
const NAME = 106;
const BEFORE = 8;
export const number = (value) => written(value, 3);

// Rows of signed bars, one column a unit, so that what is multiplied stands in one column.
function drawBars(parent, rows) {
  const box = element(parent, "div", "sv-pair-box");
  const units = rows[0].values.length;
  const column = Math.max(2, Math.min(22, Math.floor(((box.clientWidth || 300) - NAME - BEFORE) / units)));
  const width = NAME + units * column + BEFORE;
  const height = rows.length * ROW;
  const svg = piece(box, "svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": rows.map((each) => each.name).join(", "),
  });
  rows.forEach(({ name, values, scale }, index) => {
    const middle = index * ROW + ROW / 2;
    const most = scale ?? Math.max(...Array.from(values, Math.abs), 1e-12);
    piece(svg, "text", { x: 0, y: middle }, name);
    piece(svg, "line", { x1: NAME, x2: NAME + units * column, y1: middle, y2: middle, class: "sv-zero" });
    values.forEach((value, unit) => {
      const tall = (Math.abs(value) / most) * (ROW / 2 - 3);
      const mark = { class: value < 0 ? "sv-down" : "sv-up", "data-unit": unit, "data-row": index };
      const bar = piece(svg, "rect", {
        ...mark,
        x: NAME + unit * column + 1,
        y: value < 0 ? middle : middle - tall,
        width: column - (column > 6 ? 2 : 1),
        height: Math.max(tall, 0.75),
      });
      piece(bar, "title", {}, `${name}, unit ${unit + 1}: ${number(value)}`);
    });
  });
}

// One bar for each key: how the row's scores become shares of 1.
function drawShares(parent, tokens, exact, chosen) {
  const box = element(parent, "div", "sv-pair-box");
  const column = Math.max(2, Math.min(26, Math.floor(((box.clientWidth || 300) - 4) / tokens.length)));
  const width = tokens.length * column + 4;
  const height = 74;
  const svg = piece(box, "svg", {
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": "Softmax: the weights of this query",
  });
  exact.weights.forEach((weight, key) => {
    const tall = Math.max(weight * (height - 6), weight > 0 ? 0.75 : 0);
    const bar = piece(svg, "rect", {
      class: `sv-key${key === chosen ? " sv-at" : ""}`,
      "data-key": key,
      x: key * column + 2,
      y: height - 2 - tall,
      width: column - 1,
      height: tall,
    });
    piece(bar, "title", {}, `${blank(tokens[key])}: score ${number(exact.scores[key])}, weight ${percent(weight)}`);
  });
  piece(svg, "line", { x1: 0, x2: width, y1: height - 1.5, y2: height - 1.5, class: "sv-zero" });
}

export function sum(parent, parts) {
  // plain words and, in bold, what comes out; always text, never markup
  const made = element(parent, "div", "sv-pair-sum");
  for (const [text, bold] of parts)
    made.append(bold ? Object.assign(document.createElement("b"), { textContent: text }) : text);
}

export function drawPair(box, { query, key, asks, keys, exact, q, k, v, values, where }) {
  box.replaceChildren();
  const frame = element(box, "div", "sv-pair");
  const d = q.length;
  const product = q.map((value, unit) => value * k[unit]);
  const total = product.reduce((a, b) => a + b, 0);
  const weight = exact.weights[key];
  const asked = blank(asks);
  const looked = blank(keys[key]);
  element(
    frame,
    "div",
    "sv-pair-title",
    `From q · k to the output: “${asked}” (${query + 1}) looks at “${looked}” (${key + 1}), ${where}`,
  );
  const steps = element(frame, "div", "sv-pair-steps");
  const [first, second, third] = [1, 2, 3].map(() => element(steps, "div", "sv-pair-step")); // all at once: each is as wide as it stays
  const most = Math.max(...[...q, ...k].map(Math.abs), 1e-12);
  drawBars(first, [
    { name: `q of “${short(asked)}”`, values: q, scale: most },
    { name: `k of “${short(looked)}”`, values: k, scale: most },
    { name: "q × k", values: product },
  ]);
  sum(first, [
    [`The ${d} products add up to q · k = `],
    [number(total), true],
    [`; ÷ √${d} = ${number(Math.sqrt(d))}, the score is `],
    [number(exact.scores[key]), true],
    ["."],
  ]);
  const seen = exact.weights.filter((_, index) => Number.isFinite(exact.scores[index])).length;
  drawShares(second, keys, exact, key);
  const top = Math.max(...exact.scores.filter(Number.isFinite));
  const over = exact.scores.reduce((a, score) => a + Math.exp(score - top), 0);
  sum(second, [
    [
      `Softmax: e to the power of (score − the largest, ${number(top)}) is ${number(Math.exp(exact.scores[key] - top))} here; ÷ ${number(over)}, the sum of that over the ${seen} ${seen === 1 ? "key" : "keys"} that “${asked}” sees, it is `,
    ],
    [percent(weight), true],
    [", the weight."],
  ]);
  const given = v.map((value) => weight * value);
  const out = Float64Array.from(v, (_, unit) => values.reduce((a, each, index) => a + exact.weights[index] * each[unit], 0));
  const wide = Math.max(...[...v, ...out].map(Math.abs), 1e-12);
  drawBars(third, [
    { name: `v of “${short(looked)}”`, values: v, scale: wide },
    { name: "weight × v", values: given, scale: wide },
    { name: "head's output", values: out, scale: wide },
  ]);
  sum(third, [
    [`Each key gives its value v times its weight; “${looked}” gives `],
    [percent(weight), true],
    [` of its own. All of them added up are what the head answers for “${asked}”.`],
  ]);
}

const short = (token) => ([...token].length > 9 ? `${[...token].slice(0, 8).join("")}…` : token);
