// What happens in each block, in words with its live numbers; and the guide, whose every step points at what it speaks of.
import { percent, written } from "../shared/numbers.js";
import { quoted } from "../shared/tokens.js";
import { rowOf, tokensOf, total } from "./formulas.js";
import { largest, still } from "./inside.js";

export const length = (values) => Math.sqrt(total([...values].map((each) => each * each)));
const TOLD_HEADS = 4; // those that look hardest
export const inPercent = (share) => (share > 0 && share < 0.0005 ? "< 0.1 %" : percent(share)); // one unit, where shares stand among shares

export function told(walk, index) {
  const block = walk.blocks[index];
  return TELLING[block.kind](walk, block);
}

function lookWords(walk, block) {
  const tokens = tokensOf(walk, block);
  const tops = Array.from({ length: walk.heads }, (_, head) => {
    const weights = rowOf(walk, `${block.look}.weights`, head);
    const key = largest(weights);
    return { head, key, weight: weights[key] };
  });
  const told = [...tops]
    .sort((one, other) => other.weight - one.weight)
    .slice(0, TOLD_HEADS)
    .sort((one, other) => one.head - other.head);
  const others = tops.length - told.length;
  return (
    told
      .map(({ head, key, weight }) => `head ${head + 1} looks mostly at ${quoted(tokens[key])} (${percent(weight)})`)
      .join(", ") + (others ? `; the other ${others} look no harder at one ${walk.noun}` : "")
  );
}

export const spread = (values) => {
  const mean = total(values) / values.length;
  return [mean, Math.sqrt(total(values.map((each) => (each - mean) ** 2)) / values.length)];
};

const TELLING = {
  word: (walk) =>
    `${quoted(walk.token)} is ${walk.table}, the table of embeddings: ${walk.width} numbers, each times √${walk.width}.`,
  position: (walk) => {
    const [word, place] = ["embedded", "place"].map((name) => written(length(rowOf(walk, name)), 3));
    return `Position ${walk.position + 1} adds ${walk.positions === "learned" ? "a vector that was learned" : "its sinusoids"}, of length ${place}, to the ${walk.noun}'s, of length ${word}.`;
  },
  norm: (walk, block) => {
    const [mean, wide] = spread(rowOf(walk, block.from[0]));
    return `The norm takes away the mean, ${written(mean, 3)}, divides by the spread, ${written(wide, 3)}, and scales each number by what was learned for it.`;
  },
  self: (walk, block) =>
    `Self-attention, ${walk.side === "decoder" ? `among the ${walk.noun}s so far` : "among all words of the sentence"}: ${lookWords(walk, block)}.`,
  cross: (walk, block) => `Cross-attention, to what the encoder made of the source: ${lookWords(walk, block)}.`,
  sum: (walk, block) => {
    const [before, after] = [block.from[0], block.out].map((name) => length(rowOf(walk, name)));
    return `What the ${block.called[1]} found is added to the stream, whose length goes from ${written(before, 3)} to ${written(after, 3)}.`;
  },
  feedforward: (walk, block) => {
    const inner = rowOf(walk, block.inner);
    const top = largest(inner);
    return `Of ${inner.length} inner units, ${inner.filter((each) => each > 0).length} are above 0 after ReLU; the strongest, unit ${top + 1}, is ${written(inner[top], 3)}.`;
  },
  logits: (walk) =>
    `A number for each of ${rowOf(walk, "logits").length.toLocaleString("en")} ${walk.noun}s: ${quoted(walk.words[0])} has ${written(rowOf(walk, "logits")[walk.best[0]], 3)}, ${quoted(walk.words[1])} ${written(rowOf(walk, "logits")[walk.best[1]], 3)}.`,
  softmax: (walk) =>
    `${quoted(walk.words[0])} is the likeliest next ${walk.noun}, ${percent(rowOf(walk, "chances")[0])}${walk.words[0] === walk.due ? ": it comes next" : `; ${quoted(walk.due)} comes next`}.`,
};

const WHY = {
  word: "A network reads numbers, not words.",
  position: "Attention compares words wherever they stand: where that is has to be added to them.",
  norm: "One scale for whatever stands in the stream.",
  self: "A query meets every key; the better they match, the more of that word's value comes over. Click a head, a score or a weight.",
  cross: "Here the translation looks back at the source.",
  sum: "A way past each sublayer: nothing is replaced, all is added, so the gradient has a way back.",
  feedforward: "Each word alone now: no other is looked at.",
  logits: "Each word of the vocabulary has a row of weights: how well does the stream match it?",
  softmax: "Logits become shares that sum to 1. Click a word for its formula.",
};

const WHY_AFTER = {
  // where each norm stands behind the sum
  norm: "One scale for whatever stands in the stream: the norm stands on it, and what it makes of the sum takes the sum's place.",
  sum: "A way past each sublayer: what it answers is added to what was there. The norm comes behind the sum.",
};

function whyOf(walk, index) {
  const block = walk.blocks[index];
  const why = ((walk.norm === "post" && WHY_AFTER[block.kind]) || WHY[block.kind]).replaceAll("word", walk.noun); // what holds for words holds for characters
  if (index === walk.blocks.length - 1 && walk.side === "encoder")
    return "The end of the encoder: from these numbers the decoder makes the keys and values that it looks at.";
  return block.kind === "self" && walk.side === "decoder"
    ? `${why} What comes later may not be seen: its weight is exactly 0.`
    : why;
}

export function stopsOf(walk) {
  // the first block of each kind, in the order of the walk, and the last block
  const firsts = new Map([["last", walk.blocks.length - 1]]);
  walk.blocks.forEach((block, at) => {
    if (!firsts.has(block.kind)) firsts.set(block.kind, at);
  });
  return [...new Set(firsts.values())].sort((one, other) => one - other);
}

export function follow(own) {
  // on a narrow screen the detail moves from block to block, and takes the eye along
  if (own.frame.classList.contains("sv-narrow"))
    own.rows[own.step].scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" });
}

export function guideTo(own, at) {
  const stops = stopsOf(own.walk);
  own.stop = Math.min(Math.max(at, 0), stops.length - 1);
  own.guiding = true;
  own.go(stops[own.stop]);
  follow(own);
}

export function drawGuide(own) {
  // beside whatever block is shown, as long as the guide is open
  const stops = stopsOf(own.walk);
  const _block = own.walk.blocks[own.step];
  const here = stops.indexOf(own.step);
  own.guide.hidden = !own.guiding;
  own.open.hidden = own.guiding;
  if (here >= 0) own.stop = here;
  own.why.textContent = `${whyOf(own.walk, own.step)} ${told(own.walk, own.step)}`;
  own.count.textContent = here >= 0 ? `${here + 1} of ${stops.length}` : `on the way, ${own.stop + 1} of ${stops.length} seen`;
  own.before.disabled = own.stop === 0 && here === 0;
  own.after.disabled = own.stop === stops.length - 1;
  for (const each of own.frame.querySelectorAll(".sv-walk-lit")) each.classList.remove("sv-walk-lit");
  if (own.guiding) lit(own)?.classList.add("sv-walk-lit");
}

function lit(own) {
  // the element that the words are about
  const block = own.walk.blocks[own.step];
  const part =
    { self: "weight", cross: "weight", feedforward: "inner", logits: "logit", softmax: "chance", position: "place" }[
      block.kind
    ] ?? "out";
  return (
    [...own.inside.querySelectorAll(`[data-part="${part}"]`)].find((each) => each.classList.contains("sv-picked")) ??
    own.inside.querySelector(`[data-part="${part}"]`)
  );
}
