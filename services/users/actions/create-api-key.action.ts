import { newId } from "../../../mixins/contract/ids.ts";
import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { assertCanGrant } from "../assert-can-grant.ts";
import { newApiKey } from "../domain/api-keys.ts";
import { knownPermissions } from "../domain/roles.ts";
import { presentApiKey } from "../present.ts";
import { action } from "../users.dependencies.ts";

const day = 24 * 3_600_000;

/** Creates a key. The response is the only place that shows it; the database stores its hash. */
export const createApiKey = action("users.api-keys.create", async (context, { apiKeys }) => {
  const { params, caller, now, transaction } = context;
  const permissions = knownPermissions(params.permissions);
  assertCanGrant(caller, permissions);
  const { key, hash, hint } = newApiKey();
  const made = {
    id: newId(),
    keyHash: hash,
    name: params.name,
    hint,
    permissions,
    createdBy: caller.kind === "user" ? caller.userId : null,
    createdAt: now,
    expiresAt: now + params.expiresInDays * day,
    revokedAt: null,
    lastUsedAt: null,
  };
  await transaction(async (tx) => {
    await apiKeys.insert(made, tx);
    const { id: keyId, name, expiresAt } = made;
    tx.publish("users.api-key-created", { keyId, name, permissions, expiresAt: toTimestamp(expiresAt) });
  });
  return { ...presentApiKey(made), key };
});
