import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cellOf,
  crossings,
  fromMap,
  MESH,
  meshOf,
  onMap,
  onRelief,
  share,
  ticks,
  within,
} from "#components/descent/surface.js";

/** A surface of n × n points over w in [0, 2], b in [-1, 1]. */
function surface(n, errorAt) {
  const errors = new Float32Array(n * n);
  for (let row = 0; row < n; row++) for (let column = 0; column < n; column++) errors[row * n + column] = errorAt(column, row);
  return { unit: "rnn", w: [0, 2], b: [-1, 1], points: n, names: ["w", "b"], errors, norms: errors, top: Math.max(...errors) };
}
const PLANE = surface(5, (column) => column);
const BOX = { x: 10, y: 20, wide: 100, high: 200 };

test("a place and its pixel belong to each other, and outside the map there is no place", () => {
  const drawing = { surface: PLANE, box: BOX };
  assert.deepEqual(onMap(drawing, 0, -1), [10, 220]);
  assert.deepEqual(onMap(drawing, 2, 1), [110, 20]);
  assert.deepEqual(fromMap(drawing, ...onMap(drawing, 0.5, 0.5)), [0.5, 0.5]);
  assert.equal(fromMap(drawing, 9, 30), null);
  assert.equal(fromMap(drawing, 50, 221), null);
});

test("a span is shared out and put together again", () => {
  assert.equal(share([2, 6], 3), 0.25);
  assert.equal(within([2, 6], 0.25), 3);
});

test("the cell nearest to a place, at the edge too", () => {
  assert.deepEqual(cellOf(PLANE, 1.1, 0.9), [2, 4]);
  assert.deepEqual(cellOf(PLANE, -9, 9), [0, 4]);
});

test("a plane is crossed along one straight line", () => {
  const ends = [];
  crossings(PLANE, 2.5, (column, row, first) => ends.push([column, row, first]));
  assert.equal(ends.length, 2 * 4); // a piece in each of four cells
  for (const [column] of ends) assert.equal(column, 2.5);
  assert.deepEqual(ends.map(([, , first]) => first).slice(0, 4), [true, false, true, false]);
});

test("a circle is crossed where it is", () => {
  const n = 81;
  const bowl = surface(n, (column, row) => Math.hypot(column - 40, row - 40));
  let most = 0;
  crossings(bowl, 20.25, (column, row) => {
    most = Math.max(most, Math.abs(Math.hypot(column - 40, row - 40) - 20.25));
  });
  assert.ok(most > 0 && most < 0.02, `${most}`);
});

test("a height that is nowhere is crossed nowhere", () => {
  crossings(PLANE, 9, () => assert.fail());
});

test("ticks are round numbers inside the span, at most eight", () => {
  assert.deepEqual(ticks([2, 7]), [2, 3, 4, 5, 6, 7]);
  assert.deepEqual(ticks([-0.25, 0.35]), [-0.2, -0.1, 0, 0.1, 0.2, 0.3]);
  for (const span of [
    [0, 0.5],
    [-3, 3],
    [0, 33],
    [-100, 900],
  ]) {
    const found = ticks(span);
    assert.ok(found.length >= 2 && found.length <= 8, `${found}`);
    assert.ok(found.every((each) => each >= span[0] && each <= span[1]));
  }
});

test("the landscape has a height from 0 to 1 at every point of its mesh", () => {
  const levels = meshOf(PLANE);
  assert.equal(levels.length, (MESH + 1) ** 2);
  assert.deepEqual([levels[0], levels[MESH], levels[levels.length - 1]], [0, 1, 1]);
});

test("seen from straight above, the landscape is the map", () => {
  const drawing = { surface: PLANE, view: { turn: 0, tilt: Math.PI / 2 }, middle: [50, 50], size: 100 };
  const [x, y] = onRelief(drawing, 2, 1, 3);
  assert.ok(Math.abs(x - 100) < 1e-9 && Math.abs(y) < 1e-9);
});
