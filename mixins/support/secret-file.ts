import { readFile, writeFile } from "node:fs/promises";

/** Reads under way, by file: services of one process that start together share a new secret. */
const underWay = new Map<string, Promise<string>>();

/**
 * A secret that the embedded shop generates once and stores in a file readable only by its owner.
 *
 * @param make called when the file does not exist
 */
export function readOrCreateSecret(file: string, make: () => string): Promise<string> {
  const reading = underWay.get(file) ?? readOrCreate(file, make).finally(() => underWay.delete(file));
  underWay.set(file, reading);
  return reading;
}

async function readOrCreate(file: string, make: () => string): Promise<string> {
  const existing = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (existing !== undefined) return existing.trim();
  const made = make();
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" });
  return made;
}
