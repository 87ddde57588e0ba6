// The message with all heads, what is computed from it, and the sentences about it.
import { percent } from "../parts/numbers.js";
import { blank } from "../parts/tokens.js";

/** @typedef {[layer: number, head: number]} Head both from 0 */
/** @typedef {[query: number, key: number]} Pair both from 0 */
/** @typedef {{ query?: number, key?: number }} At what is pointed at */
/** @typedef {"q" | "k" | "v"} Part of a head's vectors */
/** @typedef {{ palette: string[], scale: string[], positive: string, negative: string }} Colours */

/**
 * The header of the message, of Q queries and K keys.
 * @typedef {object} Header
 * @property {string} title
 * @property {string} hint what can be done here
 * @property {[name: string, said: string][][]} labels of each layer's heads
 * @property {[key: number, query: number][] | null} gold the right links
 * @property {{ layer: number, head: number, query: number, key: number, pinned: boolean, turn: number }} chosen by the page
 * @property {string[]} queries Q tokens
 * @property {string[]} keys K tokens
 * @property {number} layers
 * @property {number} heads
 * @property {number} width of q, k and v
 * @property {boolean} masked whether keys that come later are not seen
 * @property {boolean} cross whether keys are of another sequence
 * @property {Head[]} carried whose q, k and v the message has
 * @property {{ light: Colours, dark: Colours }} look
 */

/** @typedef {Header & { Q: number, K: number, vectors: Record<Part, Float32Array>, levels: Uint8Array }} Heads */

/** @type {(one: number[], other: number[]) => boolean} */
export const same = (one, other) => one[0] === other[0] && one[1] === other[1];

/**
 * The message: the length of its header, the header as JSON, float32 of q, k and v of the heads that it carries, then one byte
 * for each weight, the byte being 255 times the weight's root: small weights keep their digits.
 * @type {(data: Uint8Array | ArrayBuffer) => Heads}
 */
export function unpack(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  const at = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  /** @type {Header} */
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + at)));
  let from = 4 + at;
  /** @type {(count: number) => Float32Array} */
  const floats = (count) => {
    const part = new Float32Array(bytes.slice(from, from + 4 * count).buffer);
    from += 4 * count;
    return part;
  };
  const [Q, K, each] = [header.queries.length, header.keys.length, header.carried.length * header.width];
  const vectors = { q: floats(each * Q), k: floats(each * K), v: floats(each * K) };
  return { ...header, Q, K, vectors, levels: bytes.subarray(from, from + header.layers * header.heads * Q * K) };
}

/** @type {(d: Heads, head: Head) => Uint8Array} Q × K bytes */
export function levelsOf(d, [layer, head]) {
  const each = d.Q * d.K;
  const from = (layer * d.heads + head) * each;
  return d.levels.subarray(from, from + each);
}

/** @type {(level: number) => number} */
export const weightOfLevel = (level) => (level / 255) ** 2;

/** @type {(d: Heads, query: number, key: number) => boolean} */
export const sees = (d, query, key) => !d.masked || key <= query;

/** @type {(d: Heads, head: Head) => number} where the message carries it, or -1 */
const placeOf = (d, head) => d.carried.findIndex((each) => same(each, head));

/** @type {(d: Heads, which: Part, head: Head, time: number) => Float32Array | null} null where it did not come along */
export function vectorOf(d, which, head, time) {
  const at = placeOf(d, head);
  const long = which === "q" ? d.Q : d.K;
  return at < 0 ? null : d.vectors[which].subarray((at * long + time) * d.width, (at * long + time + 1) * d.width);
}

/** @typedef {{ scores: Float64Array, weights: Float64Array }} Row of one query */

/**
 * A row's scores and weights from its own q and k, as the network's head computes them.
 * @type {(d: Heads, head: Head, query: number) => Row | null}
 */
export function exactRow(d, head, query) {
  const at = placeOf(d, head);
  if (at < 0) return null;
  const { q, k } = d.vectors;
  const scores = new Float64Array(d.K).fill(-Infinity);
  const weights = new Float64Array(d.K);
  const one = (at * d.Q + query) * d.width;
  let top = -Infinity;
  for (let key = 0; key < d.K && sees(d, query, key); key++) {
    const other = (at * d.K + key) * d.width;
    let sum = 0;
    for (let unit = 0; unit < d.width; unit++) sum += q[one + unit] * k[other + unit];
    scores[key] = sum / Math.sqrt(d.width);
    top = Math.max(top, scores[key]);
  }
  let total = 0;
  for (let key = 0; key < d.K; key++) {
    weights[key] = Math.exp(scores[key] - top);
    total += weights[key];
  }
  for (let key = 0; key < d.K; key++) weights[key] /= total;
  return { scores, weights };
}

/** @type {(d: Heads, head: Head, query: number, key: number) => number} */
export const weightOf = (d, head, query, key) => weightOfLevel(levelsOf(d, head)[query * d.K + key]);

/** @type {(d: Heads, head: Head, query: number) => Float64Array} exact where the message carries the head */
export const rowOf = (d, head, query) =>
  exactRow(d, head, query)?.weights ?? Float64Array.from({ length: d.K }, (_, key) => weightOf(d, head, query, key));

/**
 * A pair to begin with: each query's strongest key, and of those the pair whose weight is nearest to 80 %, neither all nor
 * little.
 * @type {(d: Heads, head: Head) => Pair}
 */
export function tellingPair(d, head) {
  const levels = levelsOf(d, head);
  const first = d.masked && d.Q > 1 ? 1 : 0;
  const end = Math.max(1, d.Q - Number(d.cross)); // the end of what is written says little
  /** @type {Pair} */
  let best = [0, 0];
  let off = Infinity;
  for (let query = first; query < end; query++) {
    let key = 0;
    for (let other = 1; other < d.K; other++) if (levels[query * d.K + other] > levels[query * d.K + key]) key = other;
    const far = Math.abs(weightOfLevel(levels[query * d.K + key]) - 0.8);
    if (far < off) [best, off] = [[query, key], far];
  }
  return best;
}

// Words.

/** @type {(head: Head) => string} */
export const nameOf = ([layer, head]) => `layer ${layer + 1}, head ${head + 1}`;

/** @type {(tokens: string[], at: number) => string} */
const placed = (tokens, at) => `“${blank(tokens[at])}” (${at + 1})`;

/** @type {(d: Heads, query: number) => string} */
const asking = (d, query) => `${d.cross ? "while writing " : ""}${placed(d.queries, query)}`;

/** @type {(weights: Iterable<number>) => { weight: number, at: number }[]} the three largest */
const strongest = (weights) =>
  Array.from(weights, (weight, at) => ({ weight, at }))
    .sort((one, other) => other.weight - one.weight)
    .slice(0, 3);

/**
 * A head's attention at the reader's pointer.
 * @type {(d: Heads, head: Head, at: At) => string}
 */
export function sentence(d, head, { query, key }) {
  const whose = `In ${nameOf(head)}`;
  if (query !== undefined && key !== undefined) return pairSentence(d, head, query, key);
  if (query !== undefined) {
    const keys = strongest(rowOf(d, head, query)).filter(({ weight }) => weight > 0);
    const told = keys.map(({ weight, at }) => `${placed(d.keys, at)} ${percent(weight)}`);
    return `${whose}, ${asking(d, query)} looks at ${told.join(", ")}.`;
  }
  if (key === undefined) return "";
  const column = d.queries.map((_, each) => weightOf(d, head, each, key));
  const queries = strongest(column).filter(({ weight }) => weight >= 0.005);
  const looked = placed(d.keys, key);
  if (!queries.length) return `${whose}, nobody gives ${looked} as much as 0.5 %.`;
  const told = queries.map(({ weight, at }) => `${asking(d, at)} ${percent(weight)}`);
  return `${whose}, ${looked} is looked at most by ${told.join(", ")}.`;
}

/** @type {(d: Heads, head: Head, query: number, key: number) => string} */
function pairSentence(d, head, query, key) {
  const whose = `In ${nameOf(head)}, ${asking(d, query)}`;
  const looked = placed(d.keys, key);
  if (!sees(d, query, key)) return `${whose} cannot see ${looked}, which comes later: weight exactly 0.`;
  return `${whose} gives ${looked} ${percent(rowOf(d, head, query)[key])} of its attention.`;
}

/** @typedef {import("../parts/tables.js").Cell} Cell */

/** @type {(d: Heads, [layer, head]: Head, rows: Row[]) => Cell[][]} */
export function tableOf(d, [layer, head], rows) {
  const cells = rows.flatMap(({ scores, weights }, query) =>
    d.keys.map((token, key) => {
      const score = Number.isFinite(scores[key]) ? scores[key] : "-inf";
      return [layer + 1, head + 1, query + 1, d.queries[query], key + 1, token, score, weights[key]];
    }),
  );
  return [["layer", "head", "query", "query token", "key", "key token", "score", "weight"], ...cells];
}
