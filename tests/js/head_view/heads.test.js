import assert from "node:assert/strict";
import { test } from "node:test";
import {
  exactRow,
  levelsOf,
  rowOf,
  sees,
  sentence,
  tableOf,
  tellingPair,
  unpack,
  vectorOf,
  weightOf,
} from "#components/head_view/heads.js";
import { arithmetic } from "#components/head_view/pair.js";

const Q = [1, 0, 0, 1];
const K = [1, 1, 2, 0];
const V = [0.5, 1, -1, 2];

/** A message of one layer with two heads, two tokens and vectors of two numbers; only the first head's vectors are carried. */
function message(header = {}, levels = [255, 0, 128, 128, 64, 64, 200, 10]) {
  const whole = {
    queries: ["a", "b"],
    keys: ["x", "y"],
    layers: 1,
    heads: 2,
    width: 2,
    masked: false,
    cross: false,
    ...header,
  };
  const text = new TextEncoder().encode(JSON.stringify({ carried: [[0, 0]], ...whole }));
  const length = new Uint8Array(new Uint32Array([text.length]).buffer);
  const vectors = new Uint8Array(new Float32Array([...Q, ...K, ...V]).buffer);
  return new Uint8Array([...length, ...text, ...vectors, ...levels]);
}

test("a message is unpacked wherever it lies in its buffer", () => {
  const bytes = message();
  const shifted = new Uint8Array([9, 9, 9, ...bytes]).subarray(3);
  for (const d of [unpack(bytes), unpack(shifted), unpack(bytes.buffer)]) {
    assert.deepEqual([d.Q, d.K, d.queries], [2, 2, ["a", "b"]]);
    assert.deepEqual([...levelsOf(d, [0, 1])], [64, 64, 200, 10]);
    assert.deepEqual([...vectorOf(d, "k", [0, 0], 1)], [2, 0]);
    assert.equal(vectorOf(d, "q", [0, 1], 0), null);
  }
});

test("exact rows are the softmax of q·k / √d, and sum to 1", () => {
  const d = unpack(message());
  const { scores, weights } = exactRow(d, [0, 0], 0);
  assert.deepEqual([...scores], [1 / Math.SQRT2, 2 / Math.SQRT2]);
  assert.ok(Math.abs(weights[0] - 1 / (1 + Math.exp(1 / Math.SQRT2))) < 1e-15);
  assert.ok(Math.abs(weights[0] + weights[1] - 1) < 1e-15);
});

test("under a mask what comes later has weight exactly 0", () => {
  const d = unpack(message({ masked: true }));
  assert.deepEqual([...exactRow(d, [0, 0], 0).weights], [1, 0]);
  assert.ok(!sees(d, 0, 1) && sees(d, 1, 0));
});

test("a head that is not carried has the weights of its bytes", () => {
  const d = unpack(message());
  assert.equal(exactRow(d, [0, 1], 0), null);
  assert.equal(weightOf(d, [0, 1], 1, 0), (200 / 255) ** 2);
  assert.deepEqual([...rowOf(d, [0, 1], 1)], [(200 / 255) ** 2, (10 / 255) ** 2]);
});

test("the telling pair is the one whose weight is nearest to 80 %", () => {
  const root = Math.round(255 * Math.sqrt(0.8));
  const d = unpack(message({}, [255, 0, 50, root, 0, 0, 0, 0]));
  assert.deepEqual(tellingPair(d, [0, 0]), [1, 1]);
});

test("what is pointed at is told", () => {
  const d = unpack(message({ masked: true }));
  assert.equal(sentence(d, [0, 0], { query: 0 }), "In layer 1, head 1, “a” (1) looks at “x” (1) 100 %.");
  assert.match(
    sentence(d, [0, 0], { query: 0, key: 1 }),
    /“a” \(1\) cannot see “y” \(2\), which comes later: weight exactly 0\.$/,
  );
  assert.match(sentence(d, [0, 0], { query: 0, key: 0 }), /gives “x” \(1\) 100 % of its attention\.$/);
  assert.match(sentence(d, [0, 0], { key: 0 }), /“x” \(1\) is looked at most by “a” \(1\) 100 %, “b” \(2\) 25 %\.$/);
  const cross = unpack(message({ cross: true }));
  assert.match(sentence(cross, [0, 0], { query: 1 }), /while writing “b” \(2\) looks at/);
});

test("a table has a row for each pair, and no score where nothing is seen", () => {
  const d = unpack(message({ masked: true }));
  const rows = tableOf(d, [0, 0], [exactRow(d, [0, 0], 0), exactRow(d, [0, 0], 1)]);
  assert.equal(rows.length, 5);
  assert.deepEqual(rows[2], [1, 1, 1, "a", 2, "y", "-inf", 0]);
});

test("one pair's arithmetic goes from q and k to what the head answers", () => {
  const d = unpack(message());
  const of = (which, at) => vectorOf(d, which, [0, 0], at);
  const exact = exactRow(d, [0, 0], 0);
  const found = arithmetic({ key: 1, exact, q: of("q", 0), k: of("k", 1), v: of("v", 1), values: [of("v", 0), of("v", 1)] });
  assert.deepEqual(found.products, [2, 0]);
  assert.equal(found.dot / Math.SQRT2, exact.scores[1]);
  assert.equal(found.raised / found.among, exact.weights[1]);
  assert.equal(found.seen, 2);
  const out = [0, 1].map((unit) => exact.weights[0] * V[unit] + exact.weights[1] * V[2 + unit]);
  found.out.forEach((value, unit) => assert.ok(Math.abs(value - out[unit]) < 1e-15));
  assert.deepEqual(found.given, [-found.weight, 2 * found.weight]);
});
