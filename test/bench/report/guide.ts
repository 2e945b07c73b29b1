import { readFile, writeFile } from "node:fs/promises";
import type { Shape } from "../shop.ts";

const guide = new URL("../../../docs/guides/benchmarks.md", import.meta.url);

/** Replaces what stands between the guide's marks for this shape. @throws Error when the guide has none */
export async function writeIntoGuide(shape: Shape, text: string): Promise<void> {
  const before = await readFile(guide, "utf8");
  const [begin, end] = [`<!-- ${shape}: made by npm run bench -->`, `<!-- ${shape}: end -->`];
  const [head, rest] = before.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined) throw new Error(`docs/guides/benchmarks.md has no marks for ${shape}`);
  await writeFile(guide, `${head}${begin}\n${text.trim()}\n${end}${tail}`);
}
