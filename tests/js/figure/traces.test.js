import assert from "node:assert/strict";
import { test } from "node:test";
import { dressed, numbersOf, plain, tableOf, wrapped, writePoints } from "#components/figure/traces.js";

const pack = (array, dtype) => ({ dtype, bdata: Buffer.from(array.buffer).toString("base64") });

test("packed numbers are unpacked whatever their type, lists stay", () => {
  assert.deepEqual(numbersOf(pack(new Float64Array([0.1, -3]), "f8")), [0.1, -3]);
  assert.deepEqual(numbersOf(pack(new Uint8Array([1, 255]), "u1")), [1, 255]);
  assert.deepEqual(numbersOf(pack(new Int16Array([-5]), "i2")), [-5]);
  assert.deepEqual(numbersOf(["a"]), ["a"]);
  assert.deepEqual(numbersOf(undefined), []);
});

test("colours become their twins in a copy; packed numbers are no colours", () => {
  const given = { line: { color: "#fff" }, x: { bdata: "#fff" }, list: ["#fff", 1, null] };
  const made = dressed(given, { "#fff": "#000" });
  assert.deepEqual(made, { line: { color: "#000" }, x: { bdata: "#fff" }, list: ["#000", 1, null] });
  assert.equal(given.line.color, "#fff");
  assert.equal(dressed("toString", {}), "toString");
});

test("a number that a template wants is written point by point", () => {
  const trace = { x: [1, 2], y: [3e-14, 0.5], hovertemplate: "at %{x}: %{y:.2g}" };
  writePoints(trace);
  assert.deepEqual(trace.hovertemplate, ["at %{x}: 3·10⁻¹⁴", "at %{x}: 0.5"]);
  const plainTrace = { x: [1], hovertemplate: "%{x}" };
  writePoints(plainTrace);
  assert.equal(plainTrace.hovertemplate, "%{x}");
});

test("customdata is taken by column, packed or not", () => {
  const wide = { ...pack(new Float64Array([1, 2e-9, 3, 4e-9]), "f8"), shape: "2, 2" };
  for (const customdata of [
    wide,
    [
      [1, 2e-9],
      [3, 4e-9],
    ],
  ]) {
    const trace = { x: [0, 1], y: [0, 1], customdata, hovertemplate: "%{customdata[1]:.3g}" };
    writePoints(trace);
    assert.deepEqual(trace.hovertemplate, ["2·10⁻⁹", "4·10⁻⁹"]);
  }
});

test("a heatmap's cells are written as text, row by row", () => {
  const trace = {
    type: "heatmap",
    x: [0, 1],
    y: [0, 1],
    customdata: [
      [1e-9, 1],
      [2, 3],
    ],
    hovertemplate: "%{customdata:.2g}",
  };
  writePoints(trace);
  assert.deepEqual(trace.text, [
    ["10⁻⁹", "1"],
    ["2", "3"],
  ]);
  assert.equal(trace.hovertemplate, "%{text}");
});

const figure = (traces, columns = []) => ({ traces, columns, layout: { xaxis: { title: { text: "step" } } } });

test("a curve is saved with its name, without gaps", () => {
  const rows = tableOf(figure([{ name: "RNN", x: [0, 1, 2], y: [1, null, Number.NaN] }]));
  assert.deepEqual(rows, [
    ["series", "step", "y"],
    ["RNN", 0, 1],
  ]);
});

test("a heatmap is saved as the values of its levels", () => {
  const meta = { value: "norm", log: true, gap: true, low: -2, high: 0 };
  const rows = tableOf(figure([{ type: "heatmap", x: [0, 1, 2], y: [7], z: [[0, 255, 127.5]], meta }]));
  assert.deepEqual(rows, [
    ["series", "step", "y", "value"],
    ["norm", 0, 7, ""],
    ["norm", 1, 7, 1],
    ["norm", 2, 7, 0.1],
  ]);
});

test("marks and tables are saved as what they stand for", () => {
  const marks = { x: [4], meta: { mark: "stopped", labels: [["RNN", "GRU"]] } };
  const table = { name: "LSTM", meta: { table: [[1, 2]] } };
  const rows = tableOf(figure([marks, table], ["who", "when", "what"]));
  assert.deepEqual(rows, [
    ["who", "when", "what"],
    ["RNN", 4, "stopped"],
    ["GRU", 4, "stopped"],
    ["LSTM", 1, 2],
  ]);
});

test("a name is text, never markup; a finding is broken between words", () => {
  assert.equal(plain("<b>&"), "&lt;b&gt;&amp;");
  assert.deepEqual(
    wrapped("one two three four", 8).map((line) => line.trim()),
    ["one two", "three", "four"],
  );
});
