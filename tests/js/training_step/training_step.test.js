import assert from "node:assert/strict";
import { test } from "node:test";
import { cellSentence, fitting, tableOf } from "#components/training_step/training_step.js";

const WEIGHT = { name: "weight", shape: "", axes: ["row", "column"], from: [0, 0], most: 1 };
const BEFORE = { ...WEIGHT, phase: 0, chain: "before", rows: [[0.5, 1]] };
const GRADIENT = { ...WEIGHT, phase: 2, chain: "gradient", rows: [["∞", -0.125]] };
const READ = { name: "read", shape: "", phase: 1, axes: ["time step", "unit"], from: [1, 0], most: 1, rows: [[0.1], [0.2]] };
const ALL = [BEFORE, READ, GRADIENT];

test("a weight's cell tells all that happened to it so far", () => {
  assert.equal(cellSentence(ALL, 0, BEFORE, 0, 1), "row 0, column 1: before 1");
  assert.equal(cellSentence(ALL, 3, GRADIENT, 0, 0), "row 0, column 0: before 0.5 → gradient ∞");
});

test("another cell is called as its axes count", () => {
  assert.equal(cellSentence(ALL, 3, READ, 1, 0), "read, time step 2, unit 0: 0.2");
});

test("cells are neither too small to see nor larger than a number", () => {
  assert.deepEqual([1, 10, 55, 1000].map(fitting), [26, 22, 4, 4]);
});

test("every number is saved, where it is from", () => {
  const [head, ...rows] = tableOf(ALL);
  assert.deepEqual(head, ["part", "row", "column", "value"]);
  assert.deepEqual(rows[2], ["read", 1, 0, 0.1]);
  assert.equal(rows.length, 6);
});
