import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import { secretKeys } from "../../config/secrets.ts";
import { keptInFile } from "../../mixins/key-file.ts";
import { SecretBox } from "./domain/secret-box.ts";

/** Opens with the keys of the setting, or with one that is made up once and kept in the data directory. */
export async function secretBox({ secretKeys: given, dataDir }: Config): Promise<SecretBox> {
  if (given) return new SecretBox(given);
  const kept = await keptInFile(join(dataDir, "secrets-key.txt"), () => `made-here:${randomBytes(32).toString("base64url")}`);
  return new SecretBox(secretKeys(kept));
}
