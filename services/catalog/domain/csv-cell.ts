/** What a spreadsheet would take for a formula (OWASP, CSV injection). */
const formula = /^'*[=+\-@\t\r\n]/;
const guarded = /^'+[=+\-@\t\r\n]/;

/** Text that no spreadsheet runs: what looks like a formula gets an apostrophe in front. `fromCell` takes it off again. */
export function toCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text that `toCell` made the cell of. */
export function fromCell(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}

/** A variant's options in one cell: `colour=red;size=M`, with a backslash before `;` and `\` in values. */
export function optionsToCell(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${value.replace(/[\\;]/g, (character) => `\\${character}`)}`)
    .join(";");
}

/** @returns undefined when the cell is not as `optionsToCell` writes it, or names an option twice */
export function optionsFromCell(cell: string): Record<string, string> | undefined {
  if (cell.trim() === "") return {};
  const options = new Map<string, string>();
  for (const [pair] of cell.matchAll(/(?:\\.|[^\\;])+/gsu)) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals).trim();
    if (equals < 1 || options.has(name)) return undefined;
    options.set(name, pair.slice(equals + 1).replace(/\\(.)/gsu, "$1").trim());
  }
  return Object.fromEntries(options);
}
