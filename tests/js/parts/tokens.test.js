import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, quoted, shortened } from "#components/parts/tokens.js";

test("whatever a token is, it is seen", () => {
  const told = ["", " ", "\n", "\t", " a b ", "line\n"].map(blank);
  assert.deepEqual(told, ["∅", "␣", "⏎", "⇥", "␣a b␣", "line⏎"]);
  assert.equal(quoted(" "), "“␣”");
});

test("a long token ends in dots, and characters are never cut in two", () => {
  assert.equal(shortened("123456789", 9), "123456789");
  assert.equal(shortened("1234567890", 9), "12345678…");
  assert.equal(shortened("😀😀😀", 2), "😀…");
});
