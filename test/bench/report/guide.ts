import { readFile, writeFile } from "node:fs/promises";

const guide = new URL("../../../docs/guides/benchmarks.md", import.meta.url);

/** Replaces what stands between the guide's marks of this name, such as a shape. @throws Error when the guide has none */
export async function writeIntoGuide(name: string, text: string): Promise<void> {
  const before = await readFile(guide, "utf8");
  const [begin, end] = [`<!-- ${name}: made by npm run bench -->`, `<!-- ${name}: end -->`];
  const [head, rest] = before.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`docs/guides/benchmarks.md has no marks for ${name}`);
  await writeFile(guide, `${head}${begin}\n${text.trim()}\n${end}${tail}`);
}
