// From one query and one key to their attention weight and on to the head's output, with every number on the way.
import { element, piece } from "../parts/elements.js";
import { percent, total, written } from "../parts/numbers.js";
import { blank, shortened } from "../parts/tokens.js";

/**
 * @typedef {object} Pair
 * @property {number} query its place
 * @property {number} key its place
 * @property {string} asks the query's token
 * @property {string[]} keys tokens
 * @property {import("./heads.js").Row} exact scores and weights of the query
 * @property {Float32Array} q
 * @property {Float32Array} k
 * @property {Float32Array} v of the key
 * @property {Float32Array[]} values of every key
 * @property {string} where which head it is
 */

/**
 * Intermediate results.
 * @typedef {object} Arithmetic
 * @property {number[]} products q × k
 * @property {number} dot their sum
 * @property {number} top the largest score
 * @property {number} raised e to the power of (score − top)
 * @property {number} among the sum of that over all keys that are seen
 * @property {number} seen how many those are
 * @property {number} weight
 * @property {number[]} given weight × v
 * @property {number[]} out the head's output
 */

const ROW = 46;
const NAME = 106;
const BEFORE = 8;

/** @type {(value: number) => string} */
const number = (value) => written(value, 3);

/** @type {(pair: Pair) => Arithmetic} */
export function arithmetic({ key, exact, q, k, v, values }) {
  const scores = Array.from(exact.scores).filter(Number.isFinite);
  const top = Math.max(...scores);
  const products = Array.from(q, (value, unit) => value * k[unit]);
  const weight = exact.weights[key];
  return {
    products,
    dot: total(products),
    top,
    raised: Math.exp(exact.scores[key] - top),
    among: total(Array.from(exact.scores, (score) => Math.exp(score - top))),
    seen: scores.length,
    weight,
    given: Array.from(v, (value) => weight * value),
    out: Array.from(v, (_, unit) => total(values.map((each, index) => exact.weights[index] * each[unit]))),
  };
}

/** @type {(...arrays: ArrayLike<number>[]) => number} */
const largest = (...arrays) => Math.max(...arrays.flatMap((each) => Array.from(each, Math.abs)), 1e-12);

/** @typedef {{ name: string, values: ArrayLike<number>, scale: number }} Bars */

/**
 * Rows of signed bars, one column per unit, so that the two factors of a product share a column.
 * @type {(parent: Element, rows: Bars[]) => void}
 */
function drawBars(parent, rows) {
  const box = element(parent, "div", "sv-pair-box");
  const units = rows[0].values.length;
  const column = Math.max(2, Math.min(22, Math.floor(((box.clientWidth || 300) - NAME - BEFORE) / units)));
  const svg = picture(box, NAME + units * column + BEFORE, rows.length * ROW, rows.map((each) => each.name).join(", "));
  rows.forEach(({ name, values, scale }, index) => {
    const middle = index * ROW + ROW / 2;
    piece(svg, "text", { x: 0, y: middle }, name);
    piece(svg, "line", { x1: NAME, x2: NAME + units * column, y1: middle, y2: middle, class: "sv-zero" });
    Array.from(values).forEach((value, unit) => {
      const tall = (Math.abs(value) / scale) * (ROW / 2 - 3);
      const mark = { class: value < 0 ? "sv-down" : "sv-up", "data-unit": unit, "data-row": index };
      const place = { x: NAME + unit * column + 1, y: value < 0 ? middle : middle - tall };
      const size = { width: column - (column > 6 ? 2 : 1), height: Math.max(tall, 0.75) };
      piece(piece(svg, "rect", { ...mark, ...place, ...size }), "title", {}, `${name}, unit ${unit + 1}: ${number(value)}`);
    });
  });
}

/** @type {(box: Element, width: number, height: number, label: string) => SVGSVGElement} */
const picture = (box, width, height, label) =>
  piece(box, "svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });

/**
 * One bar per key: the row's scores turned into shares of 1.
 * @type {(parent: Element, pair: Pair) => void}
 */
function drawShares(parent, { keys, exact, key: chosen }) {
  const box = element(parent, "div", "sv-pair-box");
  const column = Math.max(2, Math.min(26, Math.floor(((box.clientWidth || 300) - 4) / keys.length)));
  const [width, height] = [keys.length * column + 4, 74];
  const svg = picture(box, width, height, "Softmax: the weights of this query");
  exact.weights.forEach((weight, key) => {
    const tall = Math.max(weight * (height - 6), weight > 0 ? 0.75 : 0);
    const mark = { class: `sv-key${key === chosen ? " sv-at" : ""}`, "data-key": key };
    const bar = piece(svg, "rect", { ...mark, x: key * column + 2, y: height - 2 - tall, width: column - 1, height: tall });
    piece(bar, "title", {}, `${blank(keys[key])}: score ${number(exact.scores[key])}, weight ${percent(weight)}`);
  });
  piece(svg, "line", { x1: 0, x2: width, y1: height - 1.5, y2: height - 1.5, class: "sv-zero" });
}

/**
 * Text with every second part, a result, in bold.
 * @type {(parent: Element, ...parts: string[]) => void}
 */
function tell(parent, ...parts) {
  const made = element(parent, "div", "sv-pair-sum");
  made.append(...parts.map((text, at) => (at % 2 ? element(null, "b", "", text) : text)));
}

/** @type {(box: Element, pair: Pair) => void} */
export function drawPair(box, pair) {
  const { query, key, exact, q, k, v } = pair;
  const found = arithmetic(pair);
  const [asked, looked] = [blank(pair.asks), blank(pair.keys[key])];
  const [ask, look] = [asked, looked].map((token) => shortened(token, 9));
  box.replaceChildren();
  const frame = element(box, "div", "sv-pair");
  const title = `From q · k to the output: “${asked}” (${query + 1}) looks at “${looked}” (${key + 1}), ${pair.where}`;
  element(frame, "div", "sv-pair-title", title);
  const steps = element(frame, "div", "sv-pair-steps");
  // All at once: each is as wide as it stays.
  const [first, second, third] = [1, 2, 3].map(() => element(steps, "div", "sv-pair-step"));
  const scale = largest(q, k);
  drawBars(first, [
    { name: `q of “${ask}”`, values: q, scale },
    { name: `k of “${look}”`, values: k, scale },
    { name: "q × k", values: found.products, scale: largest(found.products) },
  ]);
  const root = `; ÷ √${q.length} = ${number(Math.sqrt(q.length))}, the score is `;
  tell(first, `The ${q.length} products add up to q · k = `, number(found.dot), root, number(exact.scores[key]), ".");
  drawShares(second, pair);
  const power = `e to the power of (score − the largest, ${number(found.top)}) is ${number(found.raised)} here`;
  const keys = `the ${found.seen} ${found.seen === 1 ? "key" : "keys"} that “${asked}” sees`;
  const share = `÷ ${number(found.among)}, the sum of that over ${keys}, it is `;
  tell(second, `Softmax: ${power}; ${share}`, percent(found.weight), ", the weight.");
  const wide = largest(v, found.out);
  drawBars(third, [
    { name: `v of “${look}”`, values: v, scale: wide },
    { name: "weight × v", values: found.given, scale: wide },
    { name: "head's output", values: found.out, scale: wide },
  ]);
  const gives = `Each key gives its value v times its weight; “${looked}” gives `;
  const answer = ` of its own. All of them added up are what the head answers for “${asked}”.`;
  tell(third, gives, percent(found.weight), answer);
}
