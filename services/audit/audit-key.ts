import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../../config/index.ts";
import { readOrCreateSecret } from "../../mixins/support/secret-file.ts";

/** Key that seals the trail: from the setting, or generated once and stored in the data directory. */
export async function auditKey({ auditKey: given, dataDir }: Config): Promise<string> {
  return (
    given ?? readOrCreateSecret(join(dataDir, "audit-key.txt"), () => randomBytes(32).toString("base64url"))
  );
}
