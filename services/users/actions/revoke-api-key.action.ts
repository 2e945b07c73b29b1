import { action } from "../users.dependencies.ts";

/** Revokes a key at once, without re-authentication: it may be compromised. */
export const revokeApiKey = action("users.api-keys.revoke", async (context, { apiKeys }) => {
  const { params, now, transaction, fail } = context;
  if (!(await apiKeys.byId(params.id))) throw fail("not-found");
  await transaction(async (tx) => {
    if (await apiKeys.revoke(params.id, now, tx)) tx.publish("users.api-key-revoked", { keyId: params.id });
  });
  return null;
});
