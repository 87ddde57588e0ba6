// What the message of a walk holds, and the formula of each of its numbers with every term in it. Nothing is drawn here.
// The message: the length of its header, the header as JSON, then arrays; the numbers of the walk in float64, weights in the
// float32 that they were trained in. Where all of it is too much, single rows of arrays stand for those that were asked for.
import { written } from "../shared/numbers.js";
import { blank } from "../shared/tokens.js";

export function unpackWalk(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const read = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const held = new Map();
  const lone = new Map();
  const floats = (wide, count, offset) => {
    const part = bytes.slice(4 + length + offset, 4 + length + offset + wide * count).buffer;
    return wide === 8 ? new Float64Array(part) : new Float32Array(part);
  };
  for (const [name, rows, columns, wide, offset] of read.arrays)
    held.set(name, { rows, columns, numbers: floats(wide, rows * columns, offset) });
  for (const [name, row, columns, wide, offset] of read.rows) lone.set(`${name}:${row}`, floats(wide, columns, offset));
  for (const { look } of read.blocks)
    if (held.has(`${look}.mixed`)) {
      // the heads side by side are the rows of one array
      const { numbers } = held.get(`${look}.mixed`);
      held.set(`${look}.joined`, { rows: 1, columns: numbers.length, numbers });
    }
  return { ...read, held, lone };
}

export function rowOf(walk, name, index = 0) {
  // null where it did not come with the message
  const whole = walk.held.get(name);
  if (!whole) return walk.lone.get(`${name}:${index}`) ?? null;
  return whole.numbers.subarray(index * whole.columns, (index + 1) * whole.columns);
}

export const total = (values) => values.reduce((sum, each) => sum + each, 0);
const low = (index) => [...String(index)].map((each) => "₀₁₂₃₄₅₆₇₈₉"[each]).join("");
export const tokensOf = (walk, block) => (block.kind === "cross" ? walk.source : walk.tokens);

// Every formula: what it is of, its rule, its terms (each a left times a right, unless there is but one), what is done with
// their sum, and the result beside the network's own number.
export function formulaOf(walk, ref) {
  const block = walk.blocks[ref.block];
  return FORMULAS[`${block.kind}.${ref.part}`](walk, block, ref);
}

function products(walk, rows, told) {
  const missing = rows.filter(([name, row]) => !rowOf(walk, name, row));
  if (missing.length) return { missing };
  const [lefts, rights] = rows.slice(0, 2).map(([name, row]) => rowOf(walk, name, row));
  const terms = [...lefts].map((left, at) => ({ name: String(at + 1), left, right: rights[at], value: left * rights[at] }));
  return {
    ...told,
    terms,
    sum: total(terms.map((each) => each.value)),
    sources: rows.slice(0, 2).map(([name, row]) => `${name}:${row}`),
  };
}

function linear(walk, { title, rule, names, x, matrix, row, own, positive = false }) {
  const made = products(walk, [x, [`${matrix}.weight`, row], [`${matrix}.bias`, 0]], {
    title,
    rule,
    names,
    own,
    from: `${matrix}.weight, row ${row + 1}`,
  });
  if (made.missing) return made;
  const bias = rowOf(walk, `${matrix}.bias`)[row];
  const reached = made.sum + bias;
  made.steps = [
    ["the products added up", made.sum],
    [`+ b = ${written(bias, 4)}`, reached],
  ];
  made.result = positive ? Math.max(reached, 0) : reached;
  if (positive) made.steps.push([reached > 0 ? "above 0: ReLU leaves it" : "below 0: ReLU makes it 0", made.result]);
  return made;
}

function wordNumber(walk, _block, { unit }) {
  const kept = rowOf(walk, "kept")[unit];
  const root = Math.sqrt(walk.width);
  return {
    title: `x${low(unit + 1)} of “${blank(walk.token)}”`,
    rule: `√d · E[${walk.noun}]`,
    names: ["√d", "E"],
    terms: [{ name: String(unit + 1), left: root, right: kept, value: root * kept }],
    sum: root * kept,
    steps: [[`√${walk.width} × ${written(kept, 4)}, of ${walk.table}`, root * kept]],
    result: root * kept,
    own: rowOf(walk, "embedded")[unit],
  };
}

function placeNumber(walk, _block, { unit }) {
  const own = rowOf(walk, "place")[unit];
  const title = `p${low(unit + 1)} at position ${walk.position + 1}`;
  const plain = { title, names: ["", ""], terms: [], sum: 0, own };
  if (walk.positions === "learned")
    return {
      ...plain,
      rule: "learned, as every weight is",
      steps: [[`${walk.side}.positions, row ${walk.position + 1}`, own]],
      result: own,
    };
  const pair = unit - (unit % 2);
  const wave = unit % 2 ? "cos" : "sin";
  const slow = 10000 ** (pair / walk.width);
  const angle = walk.position / slow;
  const value = Math[wave](angle);
  return {
    ...plain,
    rule: `${wave}(t / 10000^(i/d)), t from 0`,
    steps: [
      [`10000^(${pair}/${walk.width})`, slow],
      [`t = ${walk.position} divided by it`, angle],
      [`its ${wave === "sin" ? "sine" : "cosine"}`, value],
    ],
    result: value,
  };
}

function addition(walk, block, { unit }) {
  const [left, right] = block.from.map((name) => rowOf(walk, name)[unit]);
  return {
    title: `x${low(unit + 1)} of ${block.title}`,
    rule: block.says,
    names: ["", ""],
    terms: [],
    sum: left + right,
    steps: [
      [block.called[0], left],
      [`+ ${block.called[1]}, ${written(right, 4)}`, left + right],
    ],
    result: left + right,
    own: rowOf(walk, block.out)[unit],
  };
}

function normed(walk, block, { unit }) {
  const x = rowOf(walk, block.from[0]);
  const gain = rowOf(walk, `${block.weights}.weight`)[unit];
  const shift = rowOf(walk, `${block.weights}.bias`)[unit];
  const mean = total(x) / x.length;
  const variance = total(x.map((each) => (each - mean) ** 2)) / x.length;
  const spread = Math.sqrt(variance + walk.epsilon);
  const standard = (x[unit] - mean) / spread;
  return {
    title: `y${low(unit + 1)} of the norm`,
    rule: "(x − mean) / √(variance + ε) · γ + β",
    names: ["x", ""],
    terms: [...x].map((value, at) => ({ name: String(at + 1), left: value, right: 1, value })),
    sum: total(x),
    level: mean,
    chosen: unit,
    sources: [`${block.from[0]}:0`],
    steps: [
      [`mean: the ${x.length} numbers added up, ${written(total(x), 4)}, ÷ ${x.length}`, mean],
      ["variance: mean of the squared distances from it", variance],
      [`x${low(unit + 1)} = ${written(x[unit], 4)}, less the mean, ÷ √(variance + ${written(walk.epsilon)})`, standard],
      [`× γ = ${written(gain, 4)}`, standard * gain],
      [`+ β = ${written(shift, 4)}`, standard * gain + shift],
    ],
    result: standard * gain + shift,
    own: rowOf(walk, block.out)[unit],
    from: `${block.weights}.weight and .bias, number ${unit + 1}`,
  };
}

function projected(walk, block, { head, key, unit }, which) {
  // a query, or a position's key or value
  const row = head * walk.unit + unit;
  const states = which === "query" ? [block.from[0], 0] : [block.states, key];
  const whose = which === "query" ? walk.token : tokensOf(walk, block)[key];
  const letter = which[0];
  const own = which === "query" ? ["queries", head] : [`${which}s`, head * tokensOf(walk, block).length + key];
  const held = rowOf(walk, `${block.look}.${own[0]}`, own[1]);
  const made = linear(walk, {
    title: `${letter}${low(unit + 1)} of “${blank(whose)}”, head ${head + 1}`,
    rule: `Σ x·W${low(row + 1)} + b`,
    names: ["x", "W"],
    x: states,
    matrix: `${block.weights}.${which}`,
    row,
    own: held?.[unit],
  });
  return held ? made : { missing: [...(made.missing ?? []), [`${block.look}.${own[0]}`, own[1]]] };
}

export function score(walk, block, { head, key }) {
  const own = rowOf(walk, `${block.look}.scores`, head)[key];
  const tokens = tokensOf(walk, block);
  const title = `score of “${blank(tokens[key])}”, head ${head + 1}`;
  const rule = "q·k / √dₖ";
  const names = ["q", "k"];
  if (own === -Infinity)
    return { title, rule, names, terms: [], sum: 0, steps: [["comes later: it may not be seen", own]], result: own, own };
  const made = products(
    walk,
    [
      [`${block.look}.queries`, head],
      [`${block.look}.keys`, head * tokens.length + key],
    ],
    { title, rule, names, own },
  );
  if (made.missing) return made;
  made.result = made.sum / Math.sqrt(walk.unit);
  made.steps = [
    ["q·k: the products added up", made.sum],
    [`÷ √${walk.unit} = ${written(Math.sqrt(walk.unit), 4)}`, made.result],
  ];
  return made;
}

function shareOf(title, values, names, at, own, among) {
  // softmax, each number less the largest: the same shares, no overflow
  const top = Math.max(...values);
  const raised = [...values].map((each) => Math.exp(each - top));
  const sum = total(raised);
  const order = names ?? [...values].map((_, index) => String(index + 1));
  return {
    title,
    rule: "eˢ / Σ eˢ, each less the largest",
    names: ["e^(s − largest)", ""],
    terms: raised.map((value, index) => ({ name: order[index], left: value, right: 1, value })),
    sum,
    chosen: at,
    steps: [
      [`e to ${written(values[at], 4)} − ${top < 0 ? `(${written(top, 4)})` : written(top, 4)}`, raised[at]],
      [`all ${among} together`, sum],
      ["its share", raised[at] / sum],
    ],
    result: raised[at] / sum,
    own,
  };
}

export function weight(walk, block, { head, key }) {
  const tokens = tokensOf(walk, block);
  const scores = rowOf(walk, `${block.look}.scores`, head);
  return shareOf(
    `weight of “${blank(tokens[key])}”, head ${head + 1}`,
    scores,
    tokens.map(blank),
    key,
    rowOf(walk, `${block.look}.weights`, head)[key],
    tokens.length,
  );
}

export function mixed(walk, block, { head, unit }) {
  const tokens = tokensOf(walk, block);
  const weights = rowOf(walk, `${block.look}.weights`, head);
  const rows = tokens.map((_, key) => [`${block.look}.values`, head * tokens.length + key]);
  const missing = rows.filter(([name, row]) => !rowOf(walk, name, row));
  if (missing.length) return { missing };
  const terms = rows.map(([name, row], key) => ({
    name: blank(tokens[key]),
    left: weights[key],
    right: rowOf(walk, name, row)[unit],
    value: weights[key] * rowOf(walk, name, row)[unit],
  }));
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

function answered(walk, block, { unit }) {
  return linear(walk, {
    title: `o${low(unit + 1)}`,
    rule: `Σ mixed·W${low(unit + 1)} + b`,
    names: ["mixed", "W"],
    x: [`${block.look}.joined`, 0],
    matrix: `${block.weights}.out`,
    row: unit,
    own: rowOf(walk, block.out)[unit],
  });
}

const FORMULAS = {
  "word.out": wordNumber,
  "position.place": placeNumber,
  "position.out": addition,
  "sum.out": addition,
  "norm.out": normed,
  "feedforward.inner": (walk, block, { unit }) =>
    linear(walk, {
      title: `inner unit ${unit + 1}`,
      rule: "max(0, Σ x·W + b)",
      names: ["x", "W"],
      x: [block.from[0], 0],
      matrix: `${block.weights}.expand`,
      row: unit,
      own: rowOf(walk, block.inner)[unit],
      positive: true,
    }),
  "feedforward.out": (walk, block, { unit }) =>
    linear(walk, {
      title: `o${low(unit + 1)}`,
      rule: "Σ inner·W + b",
      names: ["inner", "W"],
      x: [block.inner, 0],
      matrix: `${block.weights}.contract`,
      row: unit,
      own: rowOf(walk, block.out)[unit],
    }),
  "logits.logit": (walk, block, { unit }) =>
    linear(walk, {
      title: `logit of “${blank(walk.words[unit])}”`,
      rule: "Σ x·W + b",
      names: ["x", "W"],
      x: [block.from[0], 0],
      matrix: "readout",
      row: walk.best[unit],
      own: rowOf(walk, "logits")[walk.best[unit]],
    }),
  "softmax.chance": (walk, _block, { unit }) =>
    shareOf(
      `probability of “${blank(walk.words[unit])}”`,
      rowOf(walk, "logits"),
      null,
      walk.best[unit],
      rowOf(walk, "chances")[unit],
      rowOf(walk, "logits").length,
    ),
};
for (const kind of ["self", "cross"]) {
  for (const which of ["query", "key", "value"])
    FORMULAS[`${kind}.${which}`] = (walk, block, ref) => projected(walk, block, ref, which);
  Object.assign(FORMULAS, {
    [`${kind}.score`]: score,
    [`${kind}.weight`]: weight,
    [`${kind}.mixed`]: mixed,
    [`${kind}.out`]: answered,
  });
}

// Every number of a block that has a formula, as what `formulaOf` takes.
export function refsOf(walk, index) {
  const block = walk.blocks[index];
  const many = (count, made) => Array.from({ length: count }, (_, at) => ({ block: index, ...made(at) }));
  const units = (part) => many(walk.width, (unit) => ({ part, unit }));
  if (block.kind === "logits" || block.kind === "softmax")
    return many(walk.words.length, (unit) => ({ part: block.kind === "logits" ? "logit" : "chance", unit }));
  if (block.kind === "position") return [...units("place"), ...units("out")];
  if (block.kind === "feedforward")
    return [...many(rowOf(walk, block.inner).length, (unit) => ({ part: "inner", unit })), ...units("out")];
  if (block.kind !== "self" && block.kind !== "cross") return units("out");
  const keys = tokensOf(walk, block).length;
  const heads = walk.heads;
  const each = walk.unit;
  const perHead = (part) => many(heads * each, (at) => ({ part, head: Math.floor(at / each), unit: at % each }));
  const perKey = (part) => many(heads * keys, (at) => ({ part, head: Math.floor(at / keys), key: at % keys }));
  const perUnit = (part) =>
    many(heads * keys * each, (at) => ({
      part,
      head: Math.floor(at / (keys * each)),
      key: Math.floor(at / each) % keys,
      unit: at % each,
    }));
  return [
    ...perHead("query"),
    ...perUnit("key"),
    ...perUnit("value"),
    ...perKey("score"),
    ...perKey("weight"),
    ...perHead("mixed"),
    ...units("out"),
  ];
}
