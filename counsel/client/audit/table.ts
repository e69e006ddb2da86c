/** Rows as a file for spreadsheets: comma-separated values (RFC 4180), marked as UTF-8. Pure. */

export function tableOf(rows: readonly (readonly string[])[]): string {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** Quoted; what a spreadsheet would take for a formula is made words. */
function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${harmless.replace(/"/g, '""')}"`;
}
