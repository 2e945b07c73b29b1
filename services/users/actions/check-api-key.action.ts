import { isLastUseStale } from "../domain/api-keys.ts";
import { action } from "../users.dependencies.ts";

/**
 * Called by each gateway at most once a second per key. A key's permissions are limited to its owner's
 * current ones.
 */
export const checkApiKey = action("users.api-keys.check", async (context, { apiKeys, roles }) => {
  const { params, now, transaction } = context;
  const key = await apiKeys.holder(params.keyHash, now);
  if (!key) return null;
  if (isLastUseStale(key.lastUsedAt, now)) await transaction((tx) => apiKeys.noteUse(key.id, now, tx));
  const bounds = key.makersRole === null ? undefined : await roles.permissionsOf(key.makersRole);
  return {
    keyId: key.id,
    permissions: key.permissions.filter((permission) => bounds?.includes(permission) ?? true),
  };
});
