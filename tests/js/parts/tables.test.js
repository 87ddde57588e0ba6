import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "#components/parts/tables.js";

/** The rows of a table as a spreadsheet reads them: RFC 4180, without line breaks in cells. */
const read = (csv) =>
  csv
    .replace(/^\ufeff/, "")
    .split("\r\n")
    .slice(0, -1);

test("numbers keep every digit", () => {
  assert.deepEqual(read(csvOf([[0.1 + 0.2, -1e-300, 3]])), ["0.30000000000000004,-1e-300,3"]);
});

test("what a spreadsheet would compute is text, and numbers are not", () => {
  const texts = ["=1+1", "+cmd", "@SUM(A1)", "-2 weights", "\tx"].map((text) => csvOf([[text]]));
  for (const csv of texts) assert.match(csv, /^\ufeff'/);
  assert.deepEqual(read(csvOf([["-", "-inf", "-1e-3", "+4", "a=b"]])), ["-,-inf,-1e-3,+4,a=b"]);
});

test("quotes, commas and line breaks stay within their cell", () => {
  assert.equal(csvOf([['say "hi", twice', "two\nlines"]]), '\ufeff"say ""hi"", twice","two\nlines"\r\n');
});
