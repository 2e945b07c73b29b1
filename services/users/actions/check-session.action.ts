import { action } from "../users.dependencies.ts";

/** The gateway asks this at most once a second for each session, so that an ended one is shut out within a second. */
export const checkSession = action("users.sessions.check", async ({ params, now }, { sessions, roles }) => {
  const holder = await sessions.holder(params.sessionId, now);
  return holder ? { ...holder, permissions: [...(await roles.permissionsOf(holder.role))] } : null;
});
