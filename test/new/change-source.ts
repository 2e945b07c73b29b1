const maxWidth = 110;

/** Adds `import { name } from "path"` in the order of the paths, or the name to an import of that path. */
export function addImport(source: string, name: string, path: string): string {
  const imports = [...source.matchAll(/^import (?<what>[^;]*?) from "(?<from>.*)";\n/gm)].map((match) => {
    const { what = "", from = "" } = match.groups ?? {};
    return { start: match.index, end: match.index + match[0].length, what, from };
  });
  const same = imports.find(({ what, from }) => from === path && what.startsWith("{"));
  if (same) {
    const names = same.what
      .replaceAll(/[{}\s]/g, "")
      .split(",")
      .filter(Boolean);
    const sorted = [...new Set([...names, name])].toSorted((one, other) => one.localeCompare(other));
    return replaceBetween(source, same, importLine(sorted, path));
  }
  const ofFolder = imports.filter(({ from }) => folderOf(from) === folderOf(path));
  const before = ofFolder.findLast(({ from }) => from < path);
  const after = ofFolder[0] ?? imports.find(({ from }) => rank(from) > rank(path));
  const at = before?.end ?? after?.start ?? imports.at(-1)?.end ?? 0;
  return replaceBetween(source, { start: at, end: at }, importLine([name], path));
}

function importLine(names: readonly string[], path: string): string {
  const line = `import { ${names.join(", ")} } from "${path}";\n`;
  return line.length <= maxWidth + 1
    ? line
    : `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "${path}";\n`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** Packages, then what is above, then what is beside. */
function rank(path: string): string {
  const group = ["../", "././"].findIndex((start) => path.startsWith(start)) + 1;
  return `${group}${path}`;
}

/**
 * Adds an entry at the end of a list or an object.
 *
 * @param head its line up to the bracket: `  actions: ` or `export const migrations = `
 * @param entry without indentation and without a comma at its end
 * @returns undefined when the source has no such list or object
 */
export function addEntry(source: string, head: string, entry: string): string | undefined {
  const lines = source.split("\n");
  const at = lines.findIndex((line) => line.startsWith(head));
  const rest = lines[at]?.slice(head.length) ?? "";
  const margin = head.slice(0, head.length - head.trimStart().length);
  const added = `${entry.replaceAll(/^(?=.)/gm, `${margin}  `)},`;

  if (rest === "[" || rest === "{") {
    const isEnd = (line: string) => line.startsWith(margin) && /^[\]}][,;]$/.test(line.slice(margin.length));
    const end = lines.findIndex((line, index) => index > at && isEnd(line));
    return end < 0 ? undefined : lines.toSpliced(end, 0, added).join("\n");
  }
  const inOneLine = /^(?:(?<open>[[{])(?<inside>.*)(?<close>[\]}])|(?<name>\w+))(?<end>[,;])$/.exec(rest);
  if (!inOneLine) return undefined;
  const { open = "{", inside = "", close = "}", name, end = "" } = inOneLine.groups ?? {};
  const old = name === undefined ? inside.trim() : `...${name}`;
  const short = `${head}[${old === "" ? "" : `${old}, `}${entry}]${end}`;
  const isShort = open === "[" && short.length <= maxWidth;
  const kept = (/^[\w., ]+$/.test(old) ? old.split(", ") : [old]).map((one) => `${margin}  ${one},`);
  const long = [head + open, ...(old === "" ? [] : kept), added, margin + close + end];
  return lines.toSpliced(at, 1, ...(isShort ? [short] : long)).join("\n");
}

function replaceBetween(
  source: string,
  { start, end }: { start: number; end: number },
  text: string,
): string {
  return source.slice(0, start) + text + source.slice(end);
}
