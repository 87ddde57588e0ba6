// The steps of a translation, and the sentence for each.
import { writtenOrUnknown as number, percent, written } from "../parts/numbers.js";

/** @typedef {[word: string, probability: number]} Offered */

/**
 * Of S source words and T written ones.
 * @typedef {object} Message
 * @property {string} title
 * @property {string[]} source S
 * @property {boolean[]} known S: by the network
 * @property {string[]} written T
 * @property {boolean[]} forced T: whether the reader chose it
 * @property {number[]} probability T
 * @property {number[][] | null} scores T × S
 * @property {number[][] | null} weights T × S; null without attention
 * @property {number[][] | null} contexts T × the first units
 * @property {number} contextUnits how many there are
 * @property {number[][]} combined T × the first units
 * @property {number} units how many there are
 * @property {number} handed numbers, from encoder to decoder
 * @property {boolean} bidirectional
 * @property {boolean} looksBefore whether the decoder looks before it reads
 * @property {number | null} heads
 * @property {boolean[]} moved T: whether the reader moved its attention
 * @property {Offered[][]} alternatives T
 * @property {[source: number, target: number][] | null} gold the right links
 * @property {boolean} movable
 */

export const PHASES = 4; // of one word: scores, shares, context, word

/** @type {(step: number) => number} */
export const wordOf = (step) => Math.max(0, Math.ceil(step / PHASES) - 1);

/** @type {(step: number) => number} */
export const phaseOf = (step) => (step === 0 ? 0 : ((step - 1) % PHASES) + 1);

/** @type {(weights: number[]) => number} */
export const strongest = (weights) => weights.indexOf(Math.max(...weights));

/**
 * The attention while one word is written: over all source words, or on one of them.
 * @type {(d: Message, t: number, s?: number) => string}
 */
export function lookSentence(d, t, s) {
  const { weights, scores } = d;
  const word = d.written[t];
  if (!weights) return `${word}: probability ${percent(d.probability[t])}; this network has no attention to look with.`;
  if (s !== undefined) {
    const how = scores ? ` (score ${number(scores[t][s])})` : `, the mean of ${d.heads} heads`;
    return `While writing ${word}, the share of attention on ${d.source[s]} is ${percent(weights[t][s])}${how}.`;
  }
  const order = weights[t].map((weight, index) => ({ weight, index })).sort((a, b) => b.weight - a.weight);
  const told = order.slice(0, 3).map(({ weight, index }) => `${d.source[index]} ${percent(weight)}`);
  return `While writing ${word}, it looks at ${told.join(", ")}.`;
}

/** @type {(d: Message, step: number) => string} */
export function sentence(d, step) {
  const t = wordOf(step);
  const phase = phaseOf(step);
  const byHand = phase === 2 && d.moved[t];
  if (d.heads && phase < PHASES && !byHand) return headsSentence(d, phase, t);
  if (phase === 0) return beginSentence(d);
  if (phase === PHASES) return wordSentence(d, t);
  if (!d.weights) return plainSentence(d, phase, t);
  const [at, top] = [d.source[strongest(d.weights[t])], Math.max(...d.weights[t])];
  if (phase === 2) {
    if (byHand) return `You moved its attention: all of it goes to ${at}, whatever the scores say.`;
    return `Softmax makes the scores shares of 1: most, ${percent(top)}, goes to ${at}.`;
  }
  if (phase === 3) {
    const joined = "joined to the decoder's state and squashed by tanh, it is what the word is read off";
    return `The context is the sum of the encoder states, each times its share; ${joined}.`;
  }
  const before = wordBefore(d, t);
  const whose = d.looksBefore ? `before the decoder reads ${before}, its` : `having read ${before}, the decoder's`;
  return `Word ${t + 1}: ${whose} state is scored against each of the ${d.source.length} encoder states.`;
}

/** @type {(d: Message, t: number) => string} */
const wordBefore = (d, t) => (t ? d.written[t - 1] : "<sos>");

/** @type {(d: Message) => string} */
function beginSentence(d) {
  const first = d.bidirectional ? "a state made of the last one of each direction" : "the last one";
  const read = `The encoder has read ${d.source.length} words`;
  return d.weights
    ? `${read}: one state for each. The decoder begins in ${first}.`
    : `${read}. All that the decoder gets is ${first}.`;
}

/** @type {(d: Message, phase: number, t: number) => string} */
function plainSentence(d, phase, t) {
  if (phase === 2) return `The state is all it has: the whole sentence came in ${d.handed} numbers.`;
  if (phase === 3) return "The word is read off the state.";
  const before = wordBefore(d, t);
  return `Word ${t + 1}: the decoder reads ${before} and moves to its next state; there is nothing to look back at.`;
}

/** @type {(d: Message, t: number) => string} */
function wordSentence(d, t) {
  const made = d.forced[t] ? "You made it write" : "It writes";
  const together = d.probability.slice(0, t + 1).reduce((a, b) => a * b, 1);
  const chance = `${d.written[t]} (probability ${percent(d.probability[t])})`;
  return `${made} ${chance}; the sentence so far has probability ${written(together, 3)}.`;
}

/** @type {(d: Message, phase: number, t: number) => string} */
function headsSentence(d, phase, t) {
  const n = d.source.length;
  if (phase === 0) return `The encoder has read ${n} words, all at once: a state for each. Nothing else is handed on.`;
  if (phase === 1) {
    const heads = `each of the ${d.heads} heads of the decoder's last layer scores the ${n} words read`;
    return `Word ${t + 1}: having read ${wordBefore(d, t)}, ${heads}; those of the layers below have looked already.`;
  }
  if (phase === 2) {
    const weights = d.weights?.[t] ?? [];
    const most = `most, ${percent(Math.max(...weights))}, goes to ${d.source[strongest(weights)]}`;
    return `Softmax makes each head's scores shares of 1. In the mean of the ${d.heads} heads ${most}.`;
  }
  const then = "behind a feed-forward network and a norm, the next word is read off it";
  return `What the heads found is added to the decoder's state at this word; ${then}.`;
}
