// What each block does and why, in sentences with its current numbers.
import { percent, total, written } from "../parts/numbers.js";
import { quoted } from "../parts/tokens.js";
import { largest, rowOf, tokensOf } from "./formulas.js";

/** @typedef {import("./formulas.js").Walk} Walk */
/** @typedef {import("./formulas.js").Block} Block */
/** @typedef {import("./formulas.js").Kind} Kind */

const TOLD_HEADS = 4; // those that look hardest

/** @type {(share: number) => string} one unit, where shares are among shares */
export const inPercent = (share) => (share > 0 && share < 0.0005 ? "< 0.1 %" : percent(share));

/** @type {(values: Iterable<number>) => number} */
const length = (values) => Math.sqrt(total(Array.from(values, (each) => each * each)));

/** @type {(values: Iterable<number>) => [mean: number, spread: number]} */
function spread(values) {
  const all = Array.from(values);
  const mean = total(all) / all.length;
  return [mean, Math.sqrt(total(all.map((each) => (each - mean) ** 2)) / all.length)];
}

/** @type {(walk: Walk, block: Block) => string} where each head looks */
function lookWords(walk, block) {
  const tokens = tokensOf(walk, block);
  const tops = Array.from({ length: walk.heads }, (_, head) => {
    const weights = rowOf(walk, `${block.look}.weights`, head);
    const key = largest(weights);
    return { head, key, weight: weights[key] };
  });
  const hardest = tops.toSorted((one, other) => other.weight - one.weight).slice(0, TOLD_HEADS);
  const told = hardest
    .toSorted((one, other) => one.head - other.head)
    .map(({ head, key, weight }) => `head ${head + 1} looks mostly at ${quoted(tokens[key])} (${percent(weight)})`);
  const others = tops.length - told.length;
  return told.join(", ") + (others ? `; the other ${others} look no harder at one ${walk.noun}` : "");
}

/** @type {Record<Kind, (walk: Walk, block: Block) => string>} */
const TELLING = {
  word(walk) {
    const numbers = `${walk.width} numbers, each times √${walk.width}`;
    return `${quoted(walk.token)} is ${walk.table}, the table of embeddings: ${numbers}.`;
  },
  position(walk) {
    const [word, place] = ["embedded", "place"].map((name) => written(length(rowOf(walk, name)), 3));
    const added = walk.positions === "learned" ? "a vector that was learned" : "its sinusoids";
    return `Position ${walk.position + 1} adds ${added}, of length ${place}, to the ${walk.noun}'s, of length ${word}.`;
  },
  norm(walk, block) {
    const [mean, wide] = spread(rowOf(walk, block.from[0])).map((each) => written(each, 3));
    const scaled = "scales each number by what was learned for it";
    return `The norm takes away the mean, ${mean}, divides by the spread, ${wide}, and ${scaled}.`;
  },
  self(walk, block) {
    const among = walk.side === "decoder" ? `among the ${walk.noun}s so far` : "among all words of the sentence";
    return `Self-attention, ${among}: ${lookWords(walk, block)}.`;
  },
  cross: (walk, block) => `Cross-attention, to what the encoder made of the source: ${lookWords(walk, block)}.`,
  sum(walk, block) {
    const [before, after] = [block.from[0], block.out].map((name) => written(length(rowOf(walk, name)), 3));
    return `What the ${block.called?.[1]} found is added to the stream, whose length goes from ${before} to ${after}.`;
  },
  feedforward(walk, block) {
    const inner = rowOf(walk, block.inner);
    const top = largest(inner);
    const above = inner.filter((each) => each > 0).length;
    const strongest = `the strongest, unit ${top + 1}, is ${written(inner[top], 3)}`;
    return `Of ${inner.length} inner units, ${above} are above 0 after ReLU; ${strongest}.`;
  },
  logits(walk) {
    const logits = rowOf(walk, "logits");
    const [first, second] = [0, 1].map((at) => [quoted(walk.words[at]), written(logits[walk.best[at]], 3)]);
    const each = `A number for each of ${logits.length.toLocaleString("en")} ${walk.noun}s`;
    return `${each}: ${first[0]} has ${first[1]}, ${second[0]} ${second[1]}.`;
  },
  softmax(walk) {
    const [first] = walk.words;
    const next = first === walk.due ? ": it comes next" : `; ${quoted(walk.due ?? "")} comes next`;
    return `${quoted(first)} is the likeliest next ${walk.noun}, ${percent(rowOf(walk, "chances")[0])}${next}.`;
  },
};

/** @type {(walk: Walk, index: number) => string} */
export const told = (walk, index) => TELLING[walk.blocks[index].kind](walk, walk.blocks[index]);

const MATCH = "A query meets every key; the better they match, the more of that word's value comes over.";
const ONE_SCALE = "One scale for whatever stands in the stream";

/** @type {Record<Kind, string>} */
const WHY = {
  word: "A network reads numbers, not words.",
  position: "Attention compares words wherever they stand: where that is has to be added to them.",
  norm: `${ONE_SCALE}.`,
  self: `${MATCH} Click a head, a score or a weight.`,
  cross: "Here the translation looks back at the source.",
  sum: "A way past each sublayer: nothing is replaced, all is added, so the gradient has a way back.",
  feedforward: "Each word alone now: no other is looked at.",
  logits: "Each word of the vocabulary has a row of weights: how well does the stream match it?",
  softmax: "Logits become shares that sum to 1. Click a word for its formula.",
};

/** @type {Partial<Record<Kind, string>>} where each norm follows the sum */
const WHY_AFTER = {
  norm: `${ONE_SCALE}: the norm stands on it, and what it makes of the sum takes the sum's place.`,
  sum: "A way past each sublayer: what it answers is added to what was there. The norm comes behind the sum.",
};

/** @type {(walk: Walk, index: number) => string} */
export function whyOf(walk, index) {
  const { kind } = walk.blocks[index];
  if (index === walk.blocks.length - 1 && walk.side === "encoder") {
    return "The end of the encoder: from these numbers the decoder makes the keys and values that it looks at.";
  }
  const after = walk.norm === "post" ? WHY_AFTER[kind] : undefined;
  const why = (after ?? WHY[kind]).replaceAll("word", walk.noun); // what holds for words holds for characters
  const masked = kind === "self" && walk.side === "decoder";
  return masked ? `${why} What comes later may not be seen: its weight is exactly 0.` : why;
}

/**
 * The guide's stops: the first block of each kind, in the order of the walk, and the last block.
 * @type {(walk: Walk) => number[]}
 */
export function stopsOf({ blocks }) {
  const kinds = blocks.map((block) => block.kind);
  const firsts = kinds.map((kind) => kinds.indexOf(kind));
  return [...new Set([...firsts, blocks.length - 1])].sort((one, other) => one - other);
}
