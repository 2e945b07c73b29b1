import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import { secretKeys } from "../../config/secrets.ts";
import { readOrCreateSecret } from "./secret-file.ts";
import type { SecretKey } from "./secret-box.ts";
import { SecretBox } from "./secret-box.ts";

const fileName = "secrets-key.txt";

/** Keys from the setting, or one generated once and stored in the data directory. */
export async function secretKeysOf({
  secretKeys: given,
  dataDir,
}: Config): Promise<readonly [SecretKey, ...SecretKey[]]> {
  if (given) return given;
  return secretKeys(
    await readOrCreateSecret(
      join(dataDir, fileName),
      () => `made-here:${randomBytes(32).toString("base64url")}`,
    ),
  );
}

export async function secretBox(config: Config): Promise<SecretBox> {
  return new SecretBox(await secretKeysOf(config));
}

/**
 * The same, read-only.
 *
 * @returns undefined without keys
 */
export async function knownSecretBox({ secretKeys: given, dataDir }: Config): Promise<SecretBox | undefined> {
  if (given) return new SecretBox(given);
  const kept = await readFile(join(dataDir, fileName), "utf8").catch(() => undefined);
  return kept === undefined ? undefined : new SecretBox(secretKeys(kept.trim()));
}
