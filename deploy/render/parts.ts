/**
 * Replaces the parts of a file that are rendered. A part stands between two comments of its own:
 *
 *     # >> schemas (npm run render)
 *     # << schemas
 *
 * @throws Error when the file has no such part, or the file has one that is not given
 */
export function withParts(text: string, parts: Readonly<Record<string, string>>): string {
  const missing = new Set(Object.keys(parts));
  const rendered = text.replaceAll(
    /^(?<begin> *(?<mark>#|--) >> (?<name>[\w-]+) \(npm run render\)\n)[^]*?(?<end>^ *\k<mark> << \k<name>$)/gm,
    (...match) => {
      const { begin = "", end = "", name = "" } = match.at(-1) as Record<string, string>;
      const part = parts[name];
      if (part === undefined) throw new Error(`nothing renders ${name}`);
      missing.delete(name);
      return `${begin}${part === "" ? "" : `${part.trimEnd()}\n`}${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`no part is called ${[...missing].join(", ")}`);
  return rendered;
}

export const renderedWhole = "# Rendered by npm run render";
