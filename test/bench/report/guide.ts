import { readFile, writeFile } from "node:fs/promises";

/**
 * Replaces the text in a guide between `<!-- MARK: made by … -->` and `<!-- MARK: end -->`.
 *
 * @throws Error when the guide has no such marks
 */
export async function writeIntoGuide(guide: string, mark: string, text: string): Promise<void> {
  const file = new URL(`../../../docs/guides/${guide}`, import.meta.url);
  const before = await readFile(file, "utf8");
  const begin = new RegExp(`<!-- ${mark}: made by [^>]+-->`).exec(before)?.[0];
  const [head, rest] = begin === undefined ? [] : before.split(begin);
  const end = `<!-- ${mark}: end -->`;
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`docs/guides/${guide} has no marks for ${mark}`);
  await writeFile(file, `${head}${begin}\n${text.trim()}\n${end}${tail}`);
}
