import { action } from "../users.dependencies.ts";

/** 
 * The gateway asks this at most once a second for each session, so that an ended one is shut out within a second, and so
 * are the tokens of a key that was withdrawn.
 */
export const checkSession = action("users.sessions.check", async ({ params, now }, dependencies) => {
  const { sessions, roles, tokens, staffTwoFactor } = dependencies;
  const holder = await sessions.holder(params.sessionId, now);
  if (!holder) return null;
  const { secondFactor, ...others } = holder;
  const known = { ...others, keyIds: [...holder.keyIds] };
  tokens.heardOf(holder.keyIds);
  const permissions = [...(await roles.permissionsOf(holder.role))];
  if (secondFactor || staffTwoFactor !== "required" || permissions.length === 0) return { ...known, permissions };
  // They are let in to set their second factor up, and to nothing else.
  return { ...known, permissions: [], lacksSecondFactor: true };
});
