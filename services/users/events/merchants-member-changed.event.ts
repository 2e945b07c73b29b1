import { on } from "../users.dependencies.ts";

/** Copies a merchant's member, so that the user's sessions have the role from their next check on. */
export const merchantsMemberChanged = on(
  "merchants.member-changed",
  async ({ payload }, tx, { memberships }) => {
    const { userId, merchantId, role, version } = payload;
    await memberships.put({ userId, merchantId, role, version }, tx);
  },
);
