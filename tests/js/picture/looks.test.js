import assert from "node:assert/strict";
import { test } from "node:test";
import { beginAlike, cellSentence, lifted, meanOf, outline, SIDE, veiled, wordSentence } from "#components/picture/looks.js";

const GRID = [
  [0.1, 0.2],
  [0.3, 0.4],
];
const NONE = GRID.map((line) => line.map(() => false));

test("a pixel has its cell's weight, or smoothly the one in proportion", () => {
  assert.equal(lifted(GRID, 0, 0, false), 0.1);
  assert.equal(lifted(GRID, SIDE - 1, 0, false), 0.2);
  assert.equal(lifted(GRID, 0, 0, true), 0.1); // beyond the middles of the outer cells nothing is extrapolated
  const middle = lifted(GRID, SIDE / 2 - 0.5, SIDE / 2 - 0.5, true);
  assert.ok(Math.abs(middle - 0.25) < 1e-12);
});

test("the cell with most of the attention is as bright as the picture, others go grey", () => {
  const pixels = new Uint8Array(3 * SIDE * SIDE).fill(200);
  const painted = veiled(pixels, GRID, false);
  const at = (x, y) => painted[4 * (y * SIDE + x)];
  assert.equal(at(SIDE - 1, SIDE - 1), 200);
  assert.ok(at(0, 0) < at(SIDE - 1, 0) && at(0, 0) >= 96);
  assert.ok(veiled(pixels, null, false).every((value) => value === 200 || value === 255));
});

test("an outline has an edge wherever a neighbour is outside", () => {
  assert.equal(outline(NONE), "");
  assert.equal(
    outline([
      [true, false],
      [false, false],
    ]),
    "M0 0h32M0 32h32M0 0v32M32 0v32",
  );
  assert.equal(
    outline([
      [true, true],
      [true, true],
    ]).match(/M/g).length,
    8,
  );
});

test("the mean of the heads is of each cell", () => {
  assert.deepEqual(meanOf([[[0, 1]], [[1, 0]]]), [[0.5, 0.5]]);
});

const MESSAGE = {
  whose: "its attention",
  forced: [false],
  probability: [0.5],
  weights: [GRID],
  scores: null,
  heads: null,
  inside: [0.4],
  regions: [
    [
      [false, false],
      [false, true],
    ],
  ],
};

test("a word is told with what it is about", () => {
  const inside =
    "40 % of its attention is inside the dashed line, on what the word is about: 1 of 4 cells, 25 % of the picture.";
  const largest = "The largest share is at row 2, column 2: 40 %.";
  assert.equal(wordSentence(MESSAGE, 0), `It writes this word with probability 50 %. ${inside} ${largest}`);
  assert.match(wordSentence({ ...MESSAGE, regions: [NONE] }, 0), /about nothing that the picture shows/);
});

test("a cell is told with its score and head by head", () => {
  assert.equal(cellSentence(MESSAGE, 0, 0, 1), "Row 1, column 2: 20 % of its attention.");
  const more = {
    ...MESSAGE,
    scores: [
      [
        [1, 2.3456],
        [3, 4],
      ],
    ],
    heads: [[GRID, GRID]],
  };
  assert.equal(cellSentence(more, 0, 0, 1), "Row 1, column 2: 20 % of its attention, score 2.35. Head by head: 20 % · 20 %.");
});

test("captions are compared as far as they are asked", () => {
  assert.ok(beginAlike(["a", "b"], ["a", "c"], 1));
  assert.ok(!beginAlike(["a", "b"], ["a", "c"], 2));
});
