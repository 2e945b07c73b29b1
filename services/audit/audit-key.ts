import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import { keptInFile } from "../../mixins/key-file.ts";

/** The key that seals the trail: the setting, or one that is made up once and kept in the data directory. */
export async function auditKey({ auditKey: given, dataDir }: Config): Promise<string> {
  return given ?? keptInFile(join(dataDir, "audit-key.txt"), () => randomBytes(32).toString("base64url"));
}
