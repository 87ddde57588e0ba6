import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, floatsOf, percent, subscript, total, written, writtenOrUnknown } from "#components/parts/numbers.js";

test("numbers of a handy size are decimals, others powers of ten", () => {
  const told = [0, 1, -1, 0.25, 1 / 3, 9999, 1e-3, 3e-9, 1e-5, -2.5e7, 1e4].map((value) => written(value));
  const powers = ["3·10⁻⁹", "10⁻⁵", "-2.5·10⁷", "10⁴"];
  assert.deepEqual(told, ["0", "1", "-1", "0.25", "0.33", "10000", "0.001", ...powers]);
});

test("more digits are written where they are asked for", () => {
  assert.equal(written(Math.PI, 7), "3.141593");
  assert.equal(written(123456.789, 4), "1.235·10⁵");
});

test("what is not finite, or a word for it, is a word", () => {
  const told = [Number.NaN, Infinity, -Infinity, "∞", "not a number", null].map((value) => written(value));
  assert.deepEqual(told, ["not a number", "∞", "-∞", "∞", "not a number", "null"]);
  assert.deepEqual(["∞", undefined, 0.12345].map(writtenOrUnknown), ["?", "?", "0.123"]);
});

test("a share that is not all or nothing never looks like it", () => {
  const told = [0, 1, 0.996, 0.9949, 0.0625, 0.0995, 4e-4, 5e-4, Number.NaN].map(percent);
  assert.deepEqual(told, ["0 %", "100 %", "≈100 %", "99 %", "6.3 %", "10 %", "4·10⁻⁴", "0.1 %", "?"]);
});

test("packed numbers are what was packed, little-endian", () => {
  const sent = new Float32Array([0.5, -2, Infinity]);
  const packed = Buffer.from(sent.buffer).toString("base64");
  assert.deepEqual(floatsOf(packed), sent);
  assert.deepEqual(bytesOf("AAH/"), new Uint8Array([0, 1, 255]));
});

test("small things", () => {
  assert.equal(subscript(102), "₁₀₂");
  assert.equal(total(new Float64Array([0.5, 0.25])), 0.75);
  assert.equal(total([]), 0);
});
