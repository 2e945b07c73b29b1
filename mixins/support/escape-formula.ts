/** Prefixes that spreadsheets read as a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n]/;

/** Text for a CSV cell: with a leading apostrophe where a spreadsheet would read a formula. Numbers need none. */
export function escapeFormula(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}
