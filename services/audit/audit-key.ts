import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config/index.ts";

/** The key that seals the trail: the setting, or one that is made up once and kept in the data directory. */
export async function auditKey({ auditKey: given, dataDir }: Config): Promise<string> {
  if (given !== undefined) return given;
  const file = join(dataDir, "audit-key.txt");
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (kept !== undefined) return kept.trim();
  const made = randomBytes(32).toString("base64url");
  await writeFile(file, `${made}\n`, { mode: 0o600, flag: "wx" });
  return made;
}
