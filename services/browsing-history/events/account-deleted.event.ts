import { on } from "../browsing-history.dependencies.ts";

/** Erases a deleted account's history; views that are still to be written are dropped. */
export const accountDeleted = on("users.account-deleted", async ({ payload }, tx, { history }) => {
  const { userId } = payload;
  // For ever: the account does not come back.
  await history.setRecording(userId, false, Number.MAX_SAFE_INTEGER, tx);
  await history.clear(userId, Date.now(), tx);
});
