import assert from "node:assert/strict";
import { test } from "node:test";
import { unpackWalk } from "#components/token_walk/formulas.js";
import { inPercent, stopsOf, told, whyOf } from "#components/token_walk/words.js";
import { message } from "./walk.js";

const WALK = unpackWalk(message());

test("each block is told with its live numbers", () => {
  const words = WALK.blocks.map((_, index) => told(WALK, index));
  assert.equal(words[0], "“cat” is row 4, the table of embeddings: 2 numbers, each times √2.");
  assert.match(words[1], /takes away the mean, 2.83, divides by the spread, 1.41,/);
  assert.equal(words[2], "Self-attention, among the words so far: head 1 looks mostly at “cat” (73 %).");
  assert.match(words[3], /^What the self-attention found is added to the stream, whose length goes from 4.47 to /);
  assert.equal(words[4], "A number for each of 3 words: “sleeps” has 2, “eats” 0.");
  assert.equal(words[5], "“sleeps” is the likeliest next word, 84 %: it comes next.");
});

test("what holds for words holds for characters, in their words", () => {
  const walk = unpackWalk(message({ noun: "character", norm: "post" }));
  assert.equal(whyOf(walk, 0), "A network reads numbers, not characters.");
  assert.match(whyOf(walk, 1), /takes the sum's place\.$/);
  assert.match(whyOf(walk, 2), /its weight is exactly 0\.$/);
  assert.doesNotMatch(whyOf(WALK, 1), /sum/);
});

test("an encoder ends where the decoder looks", () => {
  const walk = unpackWalk(message({ side: "encoder" }));
  assert.match(whyOf(walk, walk.blocks.length - 1), /^The end of the encoder/);
  assert.doesNotMatch(whyOf(walk, 2), /exactly 0/);
});

test("the guide stops at the first block of each kind and at the last one", () => {
  const blocks = ["word", "norm", "self", "sum", "norm", "sum", "norm"].map((kind) => ({ kind }));
  assert.deepEqual(stopsOf({ blocks }), [0, 1, 2, 3, 6]);
});

test("among shares, a tiny one has the same unit", () => {
  assert.deepEqual([0, 4e-4, 0.25].map(inPercent), ["0 %", "< 0.1 %", "25 %"]);
});
