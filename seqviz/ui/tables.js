// Files that somebody takes home: tables as spreadsheets read them.
const quotedCell = cell => /[",\n\r]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
const harmless = token => /^[=+\-@\t\r]/.test(token) && token.length > 1 ? `'${token}` : token;  // a spreadsheet would compute it

function saveAs(href, name) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
}

function saveRows(rows, name) {
  const href = URL.createObjectURL(new Blob(["\ufeff" + rows.map(row => row.map(quotedCell).join(",")).join("\r\n") + "\r\n"], { type: "text/csv" }));
  saveAs(href, name);
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}
