// Files that somebody takes home: tables as spreadsheets read them.
const isNumber = (text) => /^[+-]inf$/.test(text) || !Number.isNaN(Number(text));
const harmless = (text) => (/^[=+\-@\t\r]/.test(text) && text.length > 1 && !isNumber(text) ? `'${text}` : text); // else a spreadsheet computes it

function quotedCell(value) {
  const text = typeof value === "string" ? harmless(value) : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function saveAs(href, name) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
}

export function saveRows(rows, name) {
  const href = URL.createObjectURL(
    new Blob([`\ufeff${rows.map((row) => row.map(quotedCell).join(",")).join("\r\n")}\r\n`], { type: "text/csv" }),
  );
  saveAs(href, name);
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
