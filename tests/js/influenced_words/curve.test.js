import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf, shadeOf, valueAt } from "#components/influenced_words/curve.js";

const WORDS = ["a", "b", "c"];
const NETWORK = { values: new Float32Array([1, 0, 0, 2, -4, 0, 3, Number.NaN, 8]) };

test("shades are odd, rise with the value and end at 1", () => {
  assert.equal(shadeOf(0, 0.05, 8), 0);
  assert.equal(shadeOf(8, 0.05, 8), 1);
  assert.equal(shadeOf(-8, 0.05, 8), -1);
  const shades = [0.01, 0.05, 0.5, 5].map((value) => shadeOf(value, 0.05, 8));
  assert.deepEqual(
    shades.toSorted((one, other) => one - other),
    shades,
  );
});

test("an influence is at its row and its place", () => {
  assert.equal(valueAt(WORDS, NETWORK, 1, 0), 2);
  assert.equal(valueAt(WORDS, NETWORK, 2, 2), 8);
});

test("the curve of a word spans the picture from the word after it to the last one", () => {
  const { x, y, left, right, lines, rowAt } = layoutOf(WORDS, [NETWORK], 0, 600, 176);
  assert.deepEqual([x(0), x(2)], [left, right]);
  assert.equal(lines[0].length, 3);
  assert.equal(lines[0][2][1], y(3));
  assert.ok(y(3) < y(1));
  assert.deepEqual([rowAt(-99), rowAt(x(1)), rowAt(9999)], [0, 1, 2]);
});

test("a last word is one point in the middle, and numbers of the axis do not overlap", () => {
  const { x, left, right, lines, marked } = layoutOf(WORDS, [NETWORK], 2, 600, 176);
  assert.equal(x(2), (left + right) / 2);
  assert.equal(lines[0].length, 1);
  assert.deepEqual(marked, [8, 0]);
  const flat = layoutOf(WORDS, [{ values: new Float32Array(9) }], 0, 600, 176);
  assert.deepEqual(flat.marked, [0]);
});
