/** Prefixes that spreadsheets read as a formula (OWASP, CSV injection). */
const formula = /^'*[=+\-@\t\r\n]/;
const guarded = /^'+[=+\-@\t\r\n]/;

/** Escapes formulas with a leading apostrophe; `fromCell` removes it. */
export function toCell(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** Inverse of `toCell`. */
export function fromCell(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}

/** Encodes options in one cell: `colour=red;size=M`, with a backslash before `;` and `\` in values. */
export function optionsToCell(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${value.replace(/[\\;]/g, (character) => `\\${character}`)}`)
    .join(";");
}

/** @returns undefined for a malformed cell or a repeated option */
export function optionsFromCell(cell: string): Record<string, string> | undefined {
  if (cell.trim() === "") return {};
  const options = new Map<string, string>();
  for (const [pair] of cell.matchAll(/(?:\\.|[^\\;])+/gsu)) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals).trim();
    if (equals < 1 || options.has(name)) return undefined;
    options.set(
      name,
      pair
        .slice(equals + 1)
        .replace(/\\(.)/gsu, "$1")
        .trim(),
    );
  }
  return Object.fromEntries(options);
}

/**
 * Encodes a list in one cell: `new|bestseller`, with a backslash before `|` and `\` in values; of an empty list,
 * `|` remains.
 */
export function listToCell(values: readonly string[]): string {
  const escaped = values.map((value) => value.replace(/[\\|]/g, (character) => `\\${character}`));
  return escaped.length === 0 ? "|" : escaped.join("|");
}

/** Inverse of `listToCell`; values may also be separated by line breaks. */
export function listFromCell(cell: string): string[] {
  return [...cell.matchAll(/(?:\\.|[^\\|\n])+/gsu)]
    .map(([value]) => value.replace(/\\(.)/gsu, "$1").trim())
    .filter((value) => value !== "");
}
