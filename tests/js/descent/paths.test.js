import assert from "node:assert/strict";
import { test } from "node:test";
import { cut, nearest, pieces, sentence, told } from "#components/descent/paths.js";

const SURFACE = { w: [0, 2], b: [0, 2] };
const PATH = {
  name: "plain",
  places: [
    [0.5, 1],
    [1.5, 1],
    [3.5, 1],
    [1, 1],
  ],
  errors: [4, 3, 2, 1],
  norms: [1, 1, 1, 1],
  lengths: [1, 2, 2.5],
  clipped: [false, true, false],
};

test("a step that leaves is cut where it meets the edge", () => {
  assert.equal(cut(SURFACE, [1, 1], [3, 1]), 0.5);
  assert.equal(cut(SURFACE, [1, 1], [1, -3]), 0.25);
  assert.equal(cut(SURFACE, [1, 1], [5, 3]), 0.25);
  assert.equal(cut(SURFACE, [1, 1], [1.5, 1.5]), 1);
  assert.equal(cut(SURFACE, [2, 1], [3, 1]), 0);
});

test("pieces end at the edge, begin there again, and follow a moment between two steps", () => {
  const whole = pieces(SURFACE, PATH, 3);
  assert.deepEqual(
    whole.map(({ from, to, leaves }) => [from[0], to[0], leaves]),
    [
      [0.5, 1.5, false],
      [1.5, 2, true],
      [2, 1, false],
    ],
  );
  const half = pieces(SURFACE, PATH, 0.5);
  assert.deepEqual(half, [{ from: [0.5, 1, 4], to: [1, 1, 3.5], leaves: false }]);
  assert.deepEqual(pieces(SURFACE, PATH, 0), []);
});

test("a path ends where it is not finite", () => {
  const lost = { ...PATH, places: [PATH.places[0], PATH.places[1], ["∞", "not a number"], [1, 1]] };
  assert.equal(pieces(SURFACE, lost, 3).length, 1);
});

test("the nearest point is one that has been drawn, inside the picture and close enough", () => {
  const own = { surface: SURFACE, data: { threshold: 1, paths: [PATH] } };
  const place = (_, w, b) => [100 * w, 100 * b];
  assert.deepEqual(nearest(own, 3, [104, 100], place, 12), { path: PATH, step: 3 });
  assert.equal(nearest(own, 2, [104, 100], place, 12), undefined);
  assert.equal(nearest(own, 3, [350, 100], place, 12), undefined);
});

test("a step is told with what it came from", () => {
  assert.equal(told(SURFACE, 1, PATH, 0), "plain: starts at w = 0.5, b = 1; error 4, gradient 1.");
  const outside = "plain: gradient 1 cut to 1, a step of 2 to w = 3.5, b = 1, outside the picture; error 2.";
  assert.equal(told(SURFACE, 1, PATH, 2), outside);
  assert.equal(sentence(SURFACE, 1, [PATH, PATH], 2), `Step 2 of 3\n${outside}\n${outside}`);
});
