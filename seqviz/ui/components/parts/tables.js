// Files to take home: tables as spreadsheets read them.

/** @typedef {string | number | boolean | null | undefined} Cell */

/** @type {(text: string) => boolean} */
const isNumber = (text) => /^[+-]inf$/.test(text) || !Number.isNaN(Number(text));

/**
 * A text that a spreadsheet would compute is marked as text.
 * @type {(text: string) => string}
 */
const harmless = (text) => (/^[=+\-@\t\r]/.test(text) && text.length > 1 && !isNumber(text) ? `'${text}` : text);

/** @type {(value: Cell) => string} */
function quotedCell(value) {
  const text = typeof value === "string" ? harmless(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @type {(rows: Cell[][]) => string} */
export const csvOf = (rows) => `\ufeff${rows.map((row) => row.map(quotedCell).join(",")).join("\r\n")}\r\n`;

/** @type {(href: string, name: string) => void} */
export function saveAs(href, name) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
}

/** @type {(rows: Cell[][], name: string) => void} */
export function saveRows(rows, name) {
  const href = URL.createObjectURL(new Blob([csvOf(rows)], { type: "text/csv" }));
  saveAs(href, name);
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
