import assert from "node:assert/strict";
import { test } from "node:test";
import { lookSentence, PHASES, phaseOf, sentence, strongest, wordOf } from "#components/alignment/words.js";

const ATTENTIVE = {
  source: ["le", "chat", "dort"],
  written: ["the", "cat"],
  forced: [false, true],
  probability: [0.5, 0.5],
  scores: [
    [1, 0, -1],
    [0, 2, 0],
  ],
  weights: [
    [0.7, 0.2, 0.1],
    [0.1, 0.8, 0.1],
  ],
  moved: [false, false],
  handed: 64,
  bidirectional: false,
  looksBefore: true,
  heads: null,
};
const PLAIN = { ...ATTENTIVE, scores: null, weights: null };
const HEADS = { ...ATTENTIVE, scores: null, heads: 4 };

test("each word has its four phases, and step 0 has none", () => {
  const steps = Array.from({ length: 2 * PHASES + 1 }, (_, step) => [wordOf(step), phaseOf(step)]);
  const of = (word) => [1, 2, 3, 4].map((phase) => [word, phase]);
  assert.deepEqual(steps, [[0, 0], ...of(0), ...of(1)]);
});

test("with attention every step says what it does", () => {
  const told = [0, 1, 2, 3, 4].map((step) => sentence(ATTENTIVE, step));
  assert.equal(told[0], "The encoder has read 3 words: one state for each. The decoder begins in the last one.");
  assert.match(told[1], /^Word 1: before the decoder reads <sos>, its state is scored against each of the 3 /);
  assert.equal(told[2], "Softmax makes the scores shares of 1: most, 70 %, goes to le.");
  assert.match(told[3], /^The context is the sum of the encoder states/);
  assert.equal(told[4], "It writes the (probability 50 %); the sentence so far has probability 0.5.");
  assert.equal(sentence(ATTENTIVE, 8), "You made it write cat (probability 50 %); the sentence so far has probability 0.25.");
});

test("without attention nothing is said of it", () => {
  for (let step = 0; step <= 2 * PHASES; step++) assert.doesNotMatch(sentence(PLAIN, step), /score|share|attention/);
  assert.match(sentence(PLAIN, 2), /came in 64 numbers/);
});

test("heads have their own words, and attention that was moved is told as such", () => {
  assert.match(sentence(HEADS, 2), /In the mean of the 4 heads most, 70 %, goes to le\.$/);
  const moved = { ...HEADS, moved: [true, false] };
  assert.equal(sentence(moved, 2), "You moved its attention: all of it goes to le, whatever the scores say.");
});

test("where it looks is told strongest first, or of one word", () => {
  assert.equal(lookSentence(ATTENTIVE, 1), "While writing cat, it looks at chat 80 %, le 10 %, dort 10 %.");
  assert.match(lookSentence(ATTENTIVE, 0, 0), /attention on le is 70 % \(score 1\)\.$/);
  assert.match(lookSentence(HEADS, 0, 0), /70 %, the mean of 4 heads\.$/);
  assert.match(lookSentence(PLAIN, 0), /no attention to look with/);
  assert.equal(strongest([0.1, 0.7, 0.7]), 1);
});
