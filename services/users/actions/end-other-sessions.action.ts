import { action } from "../users.dependencies.ts";

export const endOtherSessions = action("users.sessions.end-others", async (context, { sessions }) => {
  const { userId, sessionId: current } = context.caller;
  await context.transaction(async (tx) => {
    for (const sessionId of await sessions.endAllOf(userId, context.now, tx, current))
      tx.publish("users.session-revoked", { userId, sessionId, reason: "ended-by-owner" });
  });
  return null;
});
