import { on } from "../reviews.dependencies.ts";

/** What a deleted account wrote stays, without its author; without purchases, it reviews nothing more. */
export const anonymiseAuthor = on(
  "users.account-deleted",
  async ({ payload: { userId } }, tx, { purchases, reviews, replies }) => {
    await purchases.removeOfCustomer(userId, tx);
    await reviews.anonymise(userId, tx);
    await replies.anonymise(userId, tx);
  },
);
