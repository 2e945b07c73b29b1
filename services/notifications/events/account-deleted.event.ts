import { on } from "../notifications.dependencies.ts";

const batch = 500;

/** Removes what a deleted account was told or is to be told, and its preferences. */
export const accountDeleted = on(
  "users.account-deleted",
  async ({ payload }, tx, { notifications, preferences }) => {
    let removed = batch;
    while (removed === batch) removed = await notifications.removeSomeOf(payload.userId, batch, tx);
    await preferences.remove(payload.userId, tx);
  },
);
