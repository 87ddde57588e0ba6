// A tiny walk: one attention head of two numbers among two tokens, between an embedding and a softmax of three words.

const WIDE = { f8: 8, f4: 4 };

/** Pack a walk as the page does: its header's length, the header, the arrays. */
export function packed(header, arrays, single = []) {
  const parts = [];
  let at = 0;
  const entry = (name, row, columns, type, numbers) => {
    const bytes = new Uint8Array((type === "f8" ? Float64Array : Float32Array).from(numbers).buffer);
    const placed = [name, row, columns, WIDE[type], at];
    parts.push(bytes);
    at += bytes.length;
    return placed;
  };
  const whole = {
    ...header,
    arrays: Object.entries(arrays).map(([name, [type, rows]]) => entry(name, rows.length, rows[0].length, type, rows.flat())),
    rows: single.map(([name, row, type, numbers]) => entry(name, row, numbers.length, type, numbers)),
  };
  const text = new TextEncoder().encode(JSON.stringify(whole));
  const length = new Uint8Array(new Uint32Array([text.length]).buffer);
  return new Uint8Array([...length, ...text, ...parts.flatMap((part) => [...part])]);
}

export const HEADER = {
  title: "",
  side: "decoder",
  position: 1,
  token: "cat",
  table: "row 4",
  noun: "word",
  source: [],
  read: ["the", "cat"],
  written: ["cat", "sleeps"],
  unknown: [],
  tokens: ["the", "cat"],
  positions: "sinusoidal",
  norm: "pre",
  epsilon: 0,
  width: 2,
  heads: 1,
  unit: 2,
  due: "sleeps",
  words: ["sleeps", "eats"],
  best: [2, 0],
  lens: null,
  look: {},
  blocks: [
    { kind: "word", title: "word", layer: 0, out: "embedded", from: ["kept"] },
    { kind: "norm", title: "norm", layer: 1, out: "read", from: ["embedded"], weights: "norm" },
    {
      kind: "self",
      title: "self-attention",
      layer: 1,
      from: ["read"],
      out: "output",
      weights: "attention",
      look: "look",
      states: "states",
    },
    {
      kind: "sum",
      title: "add",
      layer: 1,
      from: ["embedded", "output"],
      out: "result",
      says: "stream + self-attention",
      called: ["the stream", "self-attention"],
    },
    { kind: "logits", title: "logits", layer: 0, from: ["result"] },
    { kind: "softmax", title: "softmax", layer: 0, from: ["result"] },
  ],
};

const share = 1 / (1 + Math.exp(-1));

export const ARRAYS = {
  kept: ["f8", [[1, 3]]],
  embedded: ["f8", [[Math.SQRT2, 3 * Math.SQRT2]]],
  read: ["f8", [[-1, 1]]],
  "norm.weight": ["f4", [[1, 1]]],
  "norm.bias": ["f4", [[0, 0]]],
  "look.queries": ["f8", [[1, 0]]],
  "look.scores": ["f8", [[0, 1]]],
  "look.weights": ["f8", [[1 - share, share]]],
  "look.mixed": ["f8", [[share, -share]]],
  "look.keys": [
    "f8",
    [
      [0, 5],
      [Math.SQRT2, 7],
    ],
  ],
  "look.values": [
    "f8",
    [
      [0, 0],
      [1, -1],
    ],
  ],
  output: ["f8", [[0.5, -0.5]]],
  result: ["f8", [[Math.SQRT2 + 0.5, 3 * Math.SQRT2 - 0.5]]],
  logits: ["f8", [[0, -1, 2]]],
  chances: ["f8", [[0.84, 0.11]]],
};

export const message = (header = {}) => packed({ ...HEADER, ...header }, ARRAYS);
