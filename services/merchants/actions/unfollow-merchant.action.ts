import { action } from "../merchants.dependencies.ts";

export const unfollowMerchant = action("merchants.followed.remove", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { merchants, followers, userCounts } = dependencies;
  await transaction(async (tx) => {
    if (!(await followers.remove(caller.userId, params.id, tx))) throw fail("not-found");
    await userCounts.subtract(caller.userId, "followed", tx);
    await merchants.countFollowers(params.id, -1, tx);
  });
  return null;
});
