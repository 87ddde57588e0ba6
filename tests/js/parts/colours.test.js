import assert from "node:assert/strict";
import { test } from "node:test";
import { colourAt, css, ink, ramp, rgb } from "#components/parts/colours.js";

const STOPS = [
  [0, 0, 0],
  [100, 50, 0],
  [200, 50, 255],
];

test("a colour is read from a message and from a style", () => {
  assert.deepEqual(rgb("#0063a8"), [0, 99, 168]);
  assert.deepEqual(rgb("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.deepEqual(rgb("rgba(1, 2, 3, 0.5)"), [1, 2, 3]);
  assert.deepEqual(rgb(""), [0, 0, 0]);
});

test("stops are met, between them it is in proportion, beyond them it is the last one", () => {
  const colours = [-1, 0, 0.25, 0.5, 0.75, 1, 7].map((share) => colourAt(STOPS, share));
  const [low, middle, high] = STOPS;
  assert.deepEqual(colours, [low, low, [50, 25, 0], middle, [150, 50, 128], high, high]);
});

test("what is written on a colour is read", () => {
  assert.equal(ink([255, 255, 255]), "#14171a");
  assert.equal(ink([0, 0, 200]), "#ffffff");
});

test("colours are written as CSS has them", () => {
  assert.equal(css([1, 2, 3]), "rgb(1,2,3)");
  assert.equal(ramp(STOPS), "linear-gradient(90deg, rgb(0,0,0),rgb(100,50,0),rgb(200,50,255))");
});
