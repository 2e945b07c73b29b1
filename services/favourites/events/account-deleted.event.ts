import { on } from "../favourites.dependencies.ts";

/** Removes the favourites of a deleted account, and counts them. */
export const accountDeleted = on("users.account-deleted", async ({ payload }, tx, { favourites, counts }) => {
  await counts.change(await favourites.removeAllOf(payload.userId, tx), -1, tx);
});
