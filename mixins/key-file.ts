import { readFile, writeFile } from "node:fs/promises";

/**
 * A secret that the shop in one process makes for itself: made once, kept in a file that only its owner can read.
 *
 * @param make called when there is no such file
 */
export async function keptInFile(file: string, make: () => string): Promise<string> {
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (kept !== undefined) return kept.trim();
  const made = make();
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" });
  return made;
}
