import { isUseWorthNoting } from "../domain/api-keys.ts";
import { action } from "../users.dependencies.ts";

/**
 * The gateway asks this at most once a second for each key. A key never allows more than its maker may do now.
 */
export const checkApiKey = action("users.api-keys.check", async (context, { apiKeys, roles }) => {
  const { params, now, transaction } = context;
  const key = await apiKeys.holder(params.keyHash, now);
  if (!key) return null;
  if (isUseWorthNoting(key.lastUsedAt, now)) await transaction((tx) => apiKeys.noteUse(key.id, now, tx));
  const bounds = key.makersRole === null ? undefined : await roles.permissionsOf(key.makersRole);
  return { keyId: key.id, permissions: key.permissions.filter((permission) => bounds?.includes(permission) ?? true) };
});
