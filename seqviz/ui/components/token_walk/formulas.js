// Reads the message of a walk, and gives the formula of each number with all its terms. Draws nothing.
import { subscript as low, total, written } from "../parts/numbers.js";
import { blank } from "../parts/tokens.js";

/** @typedef {Float64Array | Float32Array} Row */
/** @typedef {"word" | "position" | "norm" | "sum" | "self" | "cross" | "feedforward" | "logits" | "softmax"} Kind */
/** @typedef {"out" | "place" | "inner" | "query" | "key" | "value" | "score" | "weight" | "mixed" | "logit" | "chance"} Part */

/**
 * One block of the walk, with the names of its input and output arrays.
 * @typedef {object} Block
 * @property {Kind} kind
 * @property {string} title
 * @property {number} layer from 1; 0 is none
 * @property {string[]} from
 * @property {string} [out]
 * @property {string} [inner] of a feed-forward network
 * @property {string} [look] of an attention
 * @property {string} [states] that an attention looks at
 * @property {string} [weights]
 * @property {boolean} [branch] whether it only reads from the stream
 * @property {number} [stage] after it, of the lens
 * @property {string} [says] its rule
 * @property {string[]} [called] what it adds
 */

/**
 * @typedef {object} Header
 * @property {string} title
 * @property {"encoder" | "decoder"} side
 * @property {number} position of the token, from 0
 * @property {string} token
 * @property {string} table where its embedding is from, in words
 * @property {string} noun what a token is called
 * @property {string[]} source
 * @property {string[]} read
 * @property {string[]} written
 * @property {string[]} unknown
 * @property {string[]} tokens that are looked at
 * @property {string} positions how they are told
 * @property {string} norm before or after the sublayers
 * @property {number} epsilon
 * @property {number} width
 * @property {number} heads
 * @property {number} unit the width of one head
 * @property {Block[]} blocks
 * @property {string | null} due the token that comes next
 * @property {string[] | null} words the likeliest next ones
 * @property {number[] | null} best their places in the vocabulary
 * @property {number[] | null} lens the probability of what comes next at each stage
 * @property {{ light: Scales, dark: Scales }} look
 */

/** @typedef {{ states: string[], shares: string[] }} Scales */
/** @typedef {{ rows: number, columns: number, numbers: Row }} Matrix */
/** @typedef {{ words: string[], best: number[], held: Map<string, Matrix>, lone: Map<string, Row> }} Unpacked */
/** @typedef {Omit<Header, "words" | "best"> & Unpacked} Walk */

/** @typedef {{ block: number, part: Part, unit?: number, head?: number, key?: number }} Ref one number of a walk */
/** @typedef {[name: string, row: number]} RowName */
/** @typedef {{ name: string, left: number, right: number, value: number }} Term */

/**
 * What a number is of, its rule, its terms (each a left times a right, unless there is but one), what is done with their sum,
 * and the result beside the network's own number.
 * @typedef {object} Formula
 * @property {string} title
 * @property {string} rule
 * @property {[string, string]} names of left and right
 * @property {Term[]} terms
 * @property {number} sum
 * @property {[text: string, value: number][]} steps
 * @property {number} result
 * @property {number} own
 * @property {string} [from] which weights
 * @property {string[]} [sources] the rows of which the terms are made
 * @property {number} [level] a line across the terms
 * @property {number} [chosen] the term that it is about
 * @property {undefined} [missing]
 */

/** @typedef {{ missing: RowName[] }} Missing rows that the message does not carry */
/** @typedef {{ unit: number, head: number, key: number }} At */
/** @typedef {(walk: Walk, block: Block, at: At) => Formula | Missing} Maker */

/**
 * The message: the length of its header, the header as JSON, then arrays; the numbers of the walk in float64, weights in the
 * float32 that they were trained in. Where all of it is too much, single rows of arrays stand for those that were asked for.
 * @type {(data: Uint8Array | ArrayBuffer) => Walk}
 */
export function unpackWalk(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const { arrays, rows: single, ...header } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  /** @type {Map<string, Matrix>} */
  const held = new Map();
  /** @type {Map<string, Row>} */
  const lone = new Map();
  /** @type {(wide: number, count: number, offset: number) => Row} */
  const floats = (wide, count, offset) => {
    const part = bytes.slice(4 + length + offset, 4 + length + offset + wide * count).buffer;
    return wide === 8 ? new Float64Array(part) : new Float32Array(part);
  };
  for (const [name, rows, columns, wide, offset] of arrays) {
    held.set(name, { rows, columns, numbers: floats(wide, rows * columns, offset) });
  }
  for (const [name, row, columns, wide, offset] of single) lone.set(`${name}:${row}`, floats(wide, columns, offset));
  for (const { look } of header.blocks) {
    const numbers = held.get(`${look}.mixed`)?.numbers; // the heads side by side are the rows of one array
    if (numbers) held.set(`${look}.joined`, { rows: 1, columns: numbers.length, numbers });
  }
  return { ...header, held, lone };
}

/**
 * A row of an array; null if the message does not hold it.
 * @type {(walk: Walk, name: string, index?: number) => Row | null}
 */
export function rowIfSent(walk, name, index = 0) {
  const whole = walk.held.get(name);
  if (!whole) return walk.lone.get(`${name}:${index}`) ?? null;
  return whole.numbers.subarray(index * whole.columns, (index + 1) * whole.columns);
}

/**
 * A row of an array that every message carries.
 * @type {(walk: Walk, name: string | undefined, index?: number) => Row}
 */
export function rowOf(walk, name, index = 0) {
  const row = rowIfSent(walk, name ?? "", index);
  if (!row) throw new Error(`the message has no ${name}`);
  return row;
}

/** @type {(walk: Walk, block: Block) => string[]} */
export const tokensOf = (walk, block) => (block.kind === "cross" ? walk.source : walk.tokens);

/** @type {(values: ArrayLike<number>) => number} where the largest in size is */
export const largest = (values) =>
  Array.from(values).reduce((best, each, at) => (Math.abs(each) > Math.abs(values[best]) ? at : best), 0);

/** @type {(values: ArrayLike<number>) => number} the largest finite size */
export const mostOf = (values) =>
  Math.max(...Array.from(values, (each) => (Number.isFinite(each) ? Math.abs(each) : 0)), 1e-12);

/** @type {(walk: Walk, block: Block) => Row} what logits or softmax give the likeliest words, best first */
export const rankedOf = (walk, block) =>
  block.kind === "softmax" ? rowOf(walk, "chances") : Float64Array.from(walk.best, (symbol) => rowOf(walk, "logits")[symbol]);

/** @type {(one: Ref | undefined, other: Ref | undefined) => boolean} */
export const sameRef = (one, other) =>
  one !== undefined &&
  other !== undefined &&
  /** @type {const} */ (["block", "part", "head", "key", "unit"]).every((name) => one[name] === other[name]);

/** @type {(walk: Walk, ref: Ref) => Formula | Missing} */
export function formulaOf(walk, ref) {
  const block = walk.blocks[ref.block];
  return FORMULAS[`${block.kind}.${ref.part}`](walk, block, { unit: 0, head: 0, key: 0, ...ref });
}

/** @typedef {Pick<Formula, "title" | "rule" | "names" | "own">} Told */

/**
 * The products of two rows; further rows need only be there.
 * @type {(walk: Walk, rows: RowName[]) => Pick<Formula, "terms" | "sum" | "sources" | "missing"> | Missing}
 */
function products(walk, rows) {
  const missing = rows.filter(([name, row]) => !rowIfSent(walk, name, row));
  if (missing.length) return { missing };
  const [left, right] = rows.map(([name, row]) => rowOf(walk, name, row));
  const terms = Array.from(left, (each, at) => ({
    name: String(at + 1),
    left: each,
    right: right[at],
    value: each * right[at],
  }));
  const sources = rows.slice(0, 2).map(([name, row]) => `${name}:${row}`);
  return { terms, sum: total(terms.map((each) => each.value)), sources };
}

/**
 * One number of x W + b; after ReLU if `positive`.
 * @type {(walk: Walk, told: Told, x: RowName, matrix: string, row: number, positive?: boolean) => Formula | Missing}
 */
function linear(walk, told, x, matrix, row, positive = false) {
  const made = products(walk, [x, [`${matrix}.weight`, row], [`${matrix}.bias`, 0]]);
  if (made.missing) return made;
  const bias = rowOf(walk, `${matrix}.bias`)[row];
  const reached = made.sum + bias;
  const result = positive ? Math.max(reached, 0) : reached;
  /** @type {Formula["steps"]} */
  const steps = [
    ["the products added up", made.sum],
    [`+ b = ${written(bias, 4)}`, reached],
  ];
  if (positive) steps.push([reached > 0 ? "above 0: ReLU leaves it" : "below 0: ReLU makes it 0", result]);
  return { ...told, ...made, steps, result, from: `${matrix}.weight, row ${row + 1}` };
}

/** @type {Maker} */
function wordNumber(walk, _block, { unit }) {
  const kept = rowOf(walk, "kept")[unit];
  const root = Math.sqrt(walk.width);
  const value = root * kept;
  return {
    title: `x${low(unit + 1)} of “${blank(walk.token)}”`,
    rule: `√d · E[${walk.noun}]`,
    names: ["√d", "E"],
    terms: [{ name: String(unit + 1), left: root, right: kept, value }],
    sum: value,
    steps: [[`√${walk.width} × ${written(kept, 4)}, of ${walk.table}`, value]],
    result: value,
    own: rowOf(walk, "embedded")[unit],
  };
}

/** @type {Maker} */
function placeNumber(walk, _block, { unit }) {
  const own = rowOf(walk, "place")[unit];
  const title = `p${low(unit + 1)} at position ${walk.position + 1}`;
  if (walk.positions === "learned") {
    const row = `${walk.side}.positions, row ${walk.position + 1}`;
    return { ...plain(title, "learned, as every weight is", own, own), steps: [[row, own]] };
  }
  const pair = unit - (unit % 2);
  const wave = unit % 2 ? "cos" : "sin";
  const slow = 10000 ** (pair / walk.width);
  const angle = walk.position / slow;
  const value = Math[wave](angle);
  return {
    ...plain(title, `${wave}(t / 10000^(i/d)), t from 0`, value, own),
    sum: own,
    steps: [
      [`10000^(${pair}/${walk.width})`, slow],
      [`t = ${walk.position} divided by it`, angle],
      [`its ${wave === "sin" ? "sine" : "cosine"}`, value],
    ],
  };
}

/** @type {(title: string, rule: string, result: number, own: number) => Formula} a number without terms */
const plain = (title, rule, result, own) => ({ title, rule, names: ["", ""], terms: [], sum: result, steps: [], result, own });

/** @type {Maker} */
function addition(walk, block, { unit }) {
  const [left, right] = block.from.map((name) => rowOf(walk, name)[unit]);
  const [first, second] = block.called ?? [];
  const title = `x${low(unit + 1)} of ${block.title}`;
  return {
    ...plain(title, block.says ?? "", left + right, rowOf(walk, block.out)[unit]),
    steps: [
      [first, left],
      [`+ ${second}, ${written(right, 4)}`, left + right],
    ],
  };
}

/** @type {Maker} */
function normed(walk, block, { unit }) {
  const x = rowOf(walk, block.from[0]);
  const gain = rowOf(walk, `${block.weights}.weight`)[unit];
  const shift = rowOf(walk, `${block.weights}.bias`)[unit];
  const mean = total(x) / x.length;
  const variance = total(x.map((each) => (each - mean) ** 2)) / x.length;
  const standard = (x[unit] - mean) / Math.sqrt(variance + walk.epsilon);
  const name = `x${low(unit + 1)}`;
  return {
    title: `y${low(unit + 1)} of the norm`,
    rule: "(x − mean) / √(variance + ε) · γ + β",
    names: ["x", ""],
    terms: Array.from(x, (value, at) => ({ name: String(at + 1), left: value, right: 1, value })),
    sum: total(x),
    level: mean,
    chosen: unit,
    sources: [`${block.from[0]}:0`],
    steps: [
      [`mean: the ${x.length} numbers added up, ${written(total(x), 4)}, ÷ ${x.length}`, mean],
      ["variance: mean of the squared distances from it", variance],
      [`${name} = ${written(x[unit], 4)}, less the mean, ÷ √(variance + ${written(walk.epsilon)})`, standard],
      [`× γ = ${written(gain, 4)}`, standard * gain],
      [`+ β = ${written(shift, 4)}`, standard * gain + shift],
    ],
    result: standard * gain + shift,
    own: rowOf(walk, block.out)[unit],
    from: `${block.weights}.weight and .bias, number ${unit + 1}`,
  };
}

/**
 * A query, or a position's key or value.
 * @type {(which: "query" | "key" | "value") => Maker}
 */
const projected =
  (which) =>
  (walk, block, { head, key, unit }) => {
    const row = head * walk.unit + unit;
    const tokens = tokensOf(walk, block);
    const asks = which === "query";
    /** @type {RowName} */
    const states = asks ? [block.from[0], 0] : [block.states ?? "", key];
    /** @type {RowName} */
    const own = asks ? [`${block.look}.queries`, head] : [`${block.look}.${which}s`, head * tokens.length + key];
    const held = rowIfSent(walk, ...own);
    const title = `${which[0]}${low(unit + 1)} of “${blank(asks ? walk.token : tokens[key])}”, head ${head + 1}`;
    /** @type {Told} */
    const told = { title, rule: `Σ x·W${low(row + 1)} + b`, names: ["x", "W"], own: held?.[unit] ?? Number.NaN };
    const made = linear(walk, told, states, `${block.weights}.${which}`, row);
    return held ? made : { missing: [...(made.missing ?? []), own] };
  };

/** @type {Maker} */
function score(walk, block, { head, key }) {
  const own = rowOf(walk, `${block.look}.scores`, head)[key];
  const tokens = tokensOf(walk, block);
  const title = `score of “${blank(tokens[key])}”, head ${head + 1}`;
  /** @type {Told} */
  const told = { title, rule: "q·k / √dₖ", names: ["q", "k"], own };
  if (own === -Infinity) return { ...told, terms: [], sum: 0, steps: [["comes later: it may not be seen", own]], result: own };
  /** @type {RowName[]} */
  const rows = [
    [`${block.look}.queries`, head],
    [`${block.look}.keys`, head * tokens.length + key],
  ];
  const made = products(walk, rows);
  if (made.missing) return made;
  const result = made.sum / Math.sqrt(walk.unit);
  /** @type {Formula["steps"]} */
  const steps = [
    ["q·k: the products added up", made.sum],
    [`÷ √${walk.unit} = ${written(Math.sqrt(walk.unit), 4)}`, result],
  ];
  return { ...told, ...made, steps, result };
}

/**
 * Softmax, each number less the largest: the same shares, no overflow.
 * @type {(title: string, values: Row, names: string[] | null, at: number, own: number, among: number) => Formula}
 */
function shareOf(title, values, names, at, own, among) {
  const top = Math.max(...values);
  const raised = Array.from(values, (each) => Math.exp(each - top));
  const sum = total(raised);
  const less = top < 0 ? `(${written(top, 4)})` : written(top, 4);
  return {
    title,
    rule: "eˢ / Σ eˢ, each less the largest",
    names: ["e^(s − largest)", ""],
    terms: raised.map((value, index) => ({ name: names?.[index] ?? String(index + 1), left: value, right: 1, value })),
    sum,
    chosen: at,
    steps: [
      [`e to ${written(values[at], 4)} − ${less}`, raised[at]],
      [`all ${among} together`, sum],
      ["its share", raised[at] / sum],
    ],
    result: raised[at] / sum,
    own,
  };
}

/** @type {Maker} */
function weight(walk, block, { head, key }) {
  const tokens = tokensOf(walk, block);
  const title = `weight of “${blank(tokens[key])}”, head ${head + 1}`;
  const own = rowOf(walk, `${block.look}.weights`, head)[key];
  return shareOf(title, rowOf(walk, `${block.look}.scores`, head), tokens.map(blank), key, own, tokens.length);
}

/** @type {Maker} */
function mixed(walk, block, { head, unit }) {
  const tokens = tokensOf(walk, block);
  const weights = rowOf(walk, `${block.look}.weights`, head);
  /** @type {RowName[]} */
  const rows = tokens.map((_, key) => [`${block.look}.values`, head * tokens.length + key]);
  const missing = rows.filter(([name, row]) => !rowIfSent(walk, name, row));
  if (missing.length) return { missing };
  const terms = rows.map(([name, row], key) => {
    const right = rowOf(walk, name, row)[unit];
    return { name: blank(tokens[key]), left: weights[key], right, value: weights[key] * right };
  });
  const sum = total(terms.map((each) => each.value));
  return {
    title: `mixed${low(unit + 1)}, head ${head + 1}`,
    rule: "Σ weight · v",
    names: ["weight", "v"],
    terms,
    sum,
    steps: [["the products added up", sum]],
    result: sum,
    own: rowOf(walk, `${block.look}.mixed`, head)[unit],
  };
}

/** @type {Maker} */
function answered(walk, block, { unit }) {
  const title = `o${low(unit + 1)}`;
  /** @type {Told} */
  const told = { title, rule: `Σ mixed·W${low(unit + 1)} + b`, names: ["mixed", "W"], own: rowOf(walk, block.out)[unit] };
  return linear(walk, told, [`${block.look}.joined`, 0], `${block.weights}.out`, unit);
}

/** @type {Maker} */
function innerUnit(walk, block, { unit }) {
  /** @type {Told} */
  const told = {
    title: `inner unit ${unit + 1}`,
    rule: "max(0, Σ x·W + b)",
    names: ["x", "W"],
    own: rowOf(walk, block.inner)[unit],
  };
  return linear(walk, told, [block.from[0], 0], `${block.weights}.expand`, unit, true);
}

/** @type {Maker} */
function contracted(walk, block, { unit }) {
  const title = `o${low(unit + 1)}`;
  /** @type {Told} */
  const told = { title, rule: "Σ inner·W + b", names: ["inner", "W"], own: rowOf(walk, block.out)[unit] };
  return linear(walk, told, [block.inner ?? "", 0], `${block.weights}.contract`, unit);
}

/** @type {Maker} */
function logit(walk, block, { unit }) {
  const symbol = walk.best[unit];
  const title = `logit of “${blank(walk.words[unit])}”`;
  /** @type {Told} */
  const told = { title, rule: "Σ x·W + b", names: ["x", "W"], own: rowOf(walk, "logits")[symbol] };
  return linear(walk, told, [block.from[0], 0], "readout", symbol);
}

/** @type {Maker} */
function chance(walk, _block, { unit }) {
  const logits = rowOf(walk, "logits");
  const title = `probability of “${blank(walk.words[unit])}”`;
  return shareOf(title, logits, null, walk.best[unit], rowOf(walk, "chances")[unit], logits.length);
}

/** @type {(kind: "self" | "cross") => Record<string, Maker>} */
const attention = (kind) => ({
  [`${kind}.query`]: projected("query"),
  [`${kind}.key`]: projected("key"),
  [`${kind}.value`]: projected("value"),
  [`${kind}.score`]: score,
  [`${kind}.weight`]: weight,
  [`${kind}.mixed`]: mixed,
  [`${kind}.out`]: answered,
});

/** @type {Record<string, Maker>} by kind of block and part of it */
const FORMULAS = {
  "word.out": wordNumber,
  "position.place": placeNumber,
  "position.out": addition,
  "sum.out": addition,
  "norm.out": normed,
  "feedforward.inner": innerUnit,
  "feedforward.out": contracted,
  "logits.logit": logit,
  "softmax.chance": chance,
  ...attention("self"),
  ...attention("cross"),
};

/**
 * Every number of a block that has a formula.
 * @type {(walk: Walk, index: number) => Ref[]}
 */
export function refsOf(walk, index) {
  const block = walk.blocks[index];
  /** @type {(count: number, made: (at: number) => Omit<Ref, "block">) => Ref[]} */
  const many = (count, made) => Array.from({ length: count }, (_, at) => ({ block: index, ...made(at) }));
  /** @type {(part: Part, count?: number) => Ref[]} */
  const units = (part, count = walk.width) => many(count, (unit) => ({ part, unit }));
  if (block.kind === "logits") return units("logit", walk.words.length);
  if (block.kind === "softmax") return units("chance", walk.words.length);
  if (block.kind === "position") return [...units("place"), ...units("out")];
  if (block.kind === "feedforward") return [...units("inner", rowOf(walk, block.inner).length), ...units("out")];
  if (block.kind !== "self" && block.kind !== "cross") return units("out");
  const keys = tokensOf(walk, block).length;
  const { heads, unit: each } = walk;
  /** @type {(part: Part) => Ref[]} */
  const perHead = (part) => many(heads * each, (at) => ({ part, head: Math.floor(at / each), unit: at % each }));
  /** @type {(part: Part) => Ref[]} */
  const perKey = (part) => many(heads * keys, (at) => ({ part, head: Math.floor(at / keys), key: at % keys }));
  /** @type {(part: Part) => Ref[]} */
  const perUnit = (part) =>
    many(heads * keys * each, (at) => {
      return { part, head: Math.floor(at / (keys * each)), key: Math.floor(at / each) % keys, unit: at % each };
    });
  const vectors = [...perHead("query"), ...perUnit("key"), ...perUnit("value")];
  return [...vectors, ...perKey("score"), ...perKey("weight"), ...perHead("mixed"), ...units("out")];
}

/**
 * The most telling number of a block: the largest, the strongest attention, or the next word.
 * @type {(walk: Walk, index: number) => Ref}
 */
export function tellingRef(walk, index) {
  const block = walk.blocks[index];
  if (block.kind === "logits" || block.kind === "softmax") {
    const part = block.kind === "logits" ? "logit" : "chance";
    return { block: index, part, unit: Math.max(walk.words.indexOf(walk.due ?? ""), 0) };
  }
  if (block.kind !== "self" && block.kind !== "cross")
    return { block: index, part: "out", unit: largest(rowOf(walk, block.out)) };
  const columns = rowOf(walk, `${block.look}.weights`).length;
  const at = largest(walk.held.get(`${block.look}.weights`)?.numbers ?? []);
  return { block: index, part: "weight", head: Math.floor(at / columns), key: at % columns };
}

/**
 * Numbers that another block made: their formulas are there. A stream goes on under another name; its numbers stay the same.
 * @type {(walk: Walk, name: string) => (unit: number) => Ref}
 */
export function makerOf(walk, name) {
  const { blocks } = walk;
  const values = rowOf(walk, name);
  const reader = blocks.findIndex((block) => block.from.includes(name));
  /** @type {(block: Block) => boolean} */
  const makes = (block) => {
    const made = block.out === undefined ? null : rowOf(walk, block.out);
    return made !== null && made.length === values.length && made.every((each, at) => each === values[at]);
  };
  const block = Math.max(blocks.slice(0, reader).findLastIndex(makes), 0);
  return (unit) => ({ block, part: "out", unit });
}

/**
 * Start and end of each term's bar: products stacked as they add up, shares and norms side by side.
 * @type {(found: Formula) => [from: number, to: number][]}
 */
export function spansOf({ terms, chosen }) {
  let run = 0;
  return terms.map(({ value }) => {
    const from = chosen === undefined ? run : 0;
    run += value;
    return [from, chosen === undefined ? run : value];
  });
}

// Formulas in words.

const BIGGEST = 6;

/** @type {(found: Formula, term: Term) => string} */
function product({ names: [left, right] }, term) {
  const value = written(term.value, 4);
  return right ? `${left} ${written(term.left, 4)} × ${right} ${written(term.right, 4)} = ${value}` : `${left} = ${value}`;
}

/** @type {(found: Formula, at: number) => string} one term, and the sum so far */
export function termSentence(found, at) {
  const each = found.terms[at];
  const name = each.name === String(at + 1) ? "Term" : `${each.name}, term`;
  const sofar = written(total(found.terms.slice(0, at + 1).map((one) => one.value)), 4);
  return `${name} ${at + 1} of ${found.terms.length}: ${product(found, each)}; so far ${sofar}`;
}

/** @type {(found: Formula) => string} the largest terms, or the one that it is about */
export function termsSentence(found) {
  if (found.chosen !== undefined) {
    const each = found.terms[found.chosen];
    return `${each.name}: ${product(found, each)}`;
  }
  const order = [...found.terms].sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, BIGGEST);
  const told = order.map((each) => `${each.name} ${written(each.value, 3)}`);
  return `The largest of ${found.terms.length} terms: ${told.join(", ")}`;
}

/**
 * Every number of the walk, as a table.
 * @type {(walk: Walk) => import("../parts/tables.js").Cell[][]}
 */
export function tableOf({ blocks, held }) {
  const makers = new Map(blocks.flatMap((block) => [block.out, block.inner].map((name) => [name, block])));
  /** @type {import("../parts/tables.js").Cell[][]} */
  const lines = [["block", "array", "row", "number", "value"]];
  for (const [name, { columns, numbers }] of held) {
    if (!(numbers instanceof Float64Array) || name.endsWith(".joined")) continue;
    const block = makers.get(name) ?? blocks.find((each) => each.look && name.startsWith(`${each.look}.`));
    const title = block ? `${block.layer ? `layer ${block.layer} ` : ""}${block.title}` : "";
    numbers.forEach((value, at) => lines.push([title, name, Math.floor(at / columns) + 1, (at % columns) + 1, value]));
  }
  return lines;
}
