import { action } from "../users.dependencies.ts";

/** Ends the caller's session. The audit service records the event. */
export const logout = action("users.logout", async ({ caller, now, transaction }, { sessions }) => {
  await transaction(async (tx) => {
    if (await sessions.end(caller.sessionId, now, tx))
      tx.publish("users.logged-out", { userId: caller.userId, sessionId: caller.sessionId });
  });
  return null;
});
