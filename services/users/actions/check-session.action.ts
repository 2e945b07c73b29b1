import { action } from "../users.dependencies.ts";

/**
 * Called by each gateway at most once a second per session, so that an ended session, or tokens of a
 * withdrawn key, stop working within a second.
 */
export const checkSession = action("users.sessions.check", async ({ params, now }, dependencies) => {
  const { sessions, roles, tokens, staffTwoFactor, newAccountMs } = dependencies;
  const holder = await sessions.holder(params.sessionId, now);
  if (!holder) return null;
  const { secondFactor, since, emailVerifiedAt, merchants, ...others } = holder;
  tokens.noteKids(holder.keyIds);
  const permissions = [...(await roles.permissionsOf(holder.role))];
  const isNew = permissions.length === 0 && (emailVerifiedAt === null || now - since < newAccountMs);
  const known = {
    ...others,
    keyIds: [...holder.keyIds],
    ...(merchants.length > 0 ? { merchants: [...merchants] } : {}),
    ...(isNew ? { isNew } : {}),
  };
  if (secondFactor || staffTwoFactor !== "required" || permissions.length === 0)
    return { ...known, permissions };
  // Until the second factor is set up, the session may do nothing else.
  return { ...known, permissions: [], lacksSecondFactor: true };
});
