import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formulaOf,
  largest,
  makerOf,
  mostOf,
  refsOf,
  rowIfSent,
  rowOf,
  sameRef,
  spansOf,
  tableOf,
  tellingRef,
  termSentence,
  termsSentence,
  unpackWalk,
} from "#components/token_walk/formulas.js";
import { ARRAYS, HEADER, message, packed } from "./walk.js";

const WALK = unpackWalk(message());
const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-12, `${one} is not ${other}`);

test("a message is unpacked wherever it lies in its buffer", () => {
  for (const walk of [WALK, unpackWalk(message().buffer), unpackWalk(new Uint8Array([9, ...message()]).subarray(1))]) {
    assert.deepEqual([...rowOf(walk, "look.values", 1)], [1, -1]);
    assert.ok(rowOf(walk, "norm.weight") instanceof Float32Array);
    assert.deepEqual([...rowOf(walk, "look.joined")], [...rowOf(walk, "look.mixed")]);
  }
});

test("single rows stand for arrays that are too much", () => {
  const walk = unpackWalk(packed(HEADER, { kept: ARRAYS.kept }, [["look.keys", 1, "f4", [0.5, 2]]]));
  assert.deepEqual([...rowIfSent(walk, "look.keys", 1)], [0.5, 2]);
  assert.equal(rowIfSent(walk, "look.keys", 0), null);
  assert.throws(() => rowOf(walk, "look.keys"), /the message has no look.keys/);
});

test("each formula that needs no further weights ends at the network's own number", () => {
  const parts = { word: ["out"], norm: ["out"], sum: ["out"], self: ["score", "weight", "mixed"] };
  for (const ref of WALK.blocks.flatMap((_, index) => refsOf(WALK, index))) {
    if (!parts[WALK.blocks[ref.block].kind]?.includes(ref.part)) continue;
    const { terms, sum, steps, result, own } = formulaOf(WALK, ref);
    near(result, own);
    assert.equal(steps[steps.length - 1][1], result);
    for (const { left, right, value } of terms) assert.equal(left * right, value);
    if (terms.length)
      near(
        terms.reduce((all, each) => all + each.value, 0),
        sum,
      );
  }
});

test("what comes later may not be seen, and says so", () => {
  const walk = unpackWalk(message());
  walk.held.get("look.scores").numbers[0] = -Infinity;
  const found = formulaOf(walk, { block: 2, part: "score", head: 0, key: 0 });
  assert.deepEqual([found.result, found.steps[0][0]], [-Infinity, "comes later: it may not be seen"]);
});

test("rows that did not come along are named, so that they can be asked for", () => {
  const { missing } = formulaOf(WALK, { block: 2, part: "query", head: 0, unit: 1 });
  assert.deepEqual(missing, [
    ["attention.query.weight", 1],
    ["attention.query.bias", 0],
  ]);
  const found = formulaOf(WALK, { block: 4, part: "logit", unit: 0 });
  assert.deepEqual(found.missing, [
    ["readout.weight", 2],
    ["readout.bias", 0],
  ]);
});

test("below 0, ReLU makes it 0", () => {
  const block = { kind: "feedforward", layer: 1, title: "", from: ["x"], inner: "inner", out: "y", weights: "f" };
  const arrays = {
    x: ["f8", [[1, 2]]],
    inner: ["f8", [[0]]],
    "f.expand.weight": ["f4", [[1, -2]]],
    "f.expand.bias": ["f4", [[1]]],
  };
  const found = formulaOf(unpackWalk(packed({ ...HEADER, blocks: [block] }, arrays)), { block: 0, part: "inner", unit: 0 });
  assert.deepEqual(
    found.steps.map(([, value]) => value),
    [-3, -2, 0],
  );
  assert.equal(found.result, 0);
});

test("sinusoids are those of their position", () => {
  const block = {
    kind: "position",
    layer: 0,
    title: "",
    from: ["embedded", "place"],
    out: "entered",
    says: "",
    called: ["", ""],
  };
  const walk = unpackWalk(packed({ ...HEADER, width: 4, blocks: [block] }, { place: ["f8", [[0, 0, 0.01, 1]]] }));
  const of = (unit) => formulaOf(walk, { block: 0, part: "place", unit }).result;
  assert.deepEqual([0, 1, 2, 3].map(of), [Math.sin(1), Math.cos(1), Math.sin(1 / 100), Math.cos(1 / 100)]);
});

test("every number of a block has one formula", () => {
  assert.equal(refsOf(WALK, 2).length, 2 + 4 + 4 + 2 + 2 + 2 + 2);
  assert.deepEqual(refsOf(WALK, 5)[1], { block: 5, part: "chance", unit: 1 });
  const refs = WALK.blocks.flatMap((_, index) => refsOf(WALK, index));
  for (const [at, ref] of refs.entries())
    assert.equal(
      refs.findIndex((other) => sameRef(ref, other)),
      at,
    );
});

test("what tells most is the strongest look, the largest number, the word that comes next", () => {
  assert.deepEqual(tellingRef(WALK, 2), { block: 2, part: "weight", head: 0, key: 1 });
  assert.deepEqual(tellingRef(WALK, 3), { block: 3, part: "out", unit: 1 });
  assert.deepEqual(tellingRef(WALK, 5), { block: 5, part: "chance", unit: 0 });
});

test("a stream's numbers are followed to the block that made them", () => {
  assert.deepEqual(makerOf(WALK, "embedded")(1), { block: 0, part: "out", unit: 1 });
  assert.deepEqual(makerOf(WALK, "result")(0), { block: 3, part: "out", unit: 0 });
});

test("products are drawn one upon the other, shares side by side", () => {
  const terms = [{ value: 2 }, { value: -3 }];
  assert.deepEqual(spansOf({ terms }), [
    [0, 2],
    [2, -1],
  ]);
  assert.deepEqual(spansOf({ terms, chosen: 0 }), [
    [0, 2],
    [0, -3],
  ]);
});

test("a formula's terms are told, one with the sum so far or the largest", () => {
  const found = formulaOf(WALK, { block: 2, part: "mixed", head: 0, unit: 1 });
  assert.equal(termSentence(found, 1), "cat, term 2 of 2: weight 0.7311 × v -1 = -0.7311; so far -0.7311");
  assert.equal(termsSentence(found), "The largest of 2 terms: cat -0.731, the 0");
  const share = formulaOf(WALK, { block: 2, part: "weight", head: 0, key: 1 });
  assert.equal(termsSentence(share), "cat: e^(s − largest) = 1");
});

test("every number of the walk is saved, weights are not", () => {
  const [head, ...rows] = tableOf(WALK);
  assert.deepEqual(head, ["block", "array", "row", "number", "value"]);
  assert.ok(rows.some((row) => row.join() === "layer 1 self-attention,look.keys,2,2,7"));
  assert.ok(rows.every(([, name]) => !/norm\.|joined/.test(name)));
});

test("the largest in size, and a size that colours end at", () => {
  assert.equal(largest([1, -5, 4]), 1);
  assert.equal(mostOf([1, -5, Infinity, Number.NaN]), 5);
  assert.equal(mostOf([]), 1e-12);
});
