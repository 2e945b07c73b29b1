import { action } from "../users.dependencies.ts";

/** Ends one of the caller's sessions, including the present one. */
export const endSession = action("users.sessions.end", async (context, { sessions }) => {
  const { params, caller, now, transaction, fail } = context;
  await transaction(async (tx) => {
    if (!(await sessions.endOf(caller.userId, params.id, now, tx))) throw fail("not-found");
    tx.publish("users.session-revoked", {
      userId: caller.userId,
      sessionId: params.id,
      reason: "ended-by-owner",
    });
  });
  return null;
});
