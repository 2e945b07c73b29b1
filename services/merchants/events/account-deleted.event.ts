import { saveMember } from "../change-member.ts";
import { on } from "../merchants.dependencies.ts";

/**
 * Ends a deleted account's memberships, also the last owner's: staff can invite another one. Removes what it
 * followed.
 */
export const endMemberships = on("users.account-deleted", async ({ payload }, tx, dependencies) => {
  const { merchants, members, followers, userCounts } = dependencies;
  const { userId } = payload;
  const ids = await members.merchantsOf(userId, tx);
  for (const id of ids) {
    await merchants.lock(id, tx);
    const member = await members.find(id, userId, tx);
    if (member && member.role !== null) await saveMember({ ...member, role: null }, tx, dependencies);
  }
  await merchants.forgetApplicant(userId, ids, tx);
  await followers.removeAllOf(userId, tx);
  await userCounts.remove(userId, tx);
});
