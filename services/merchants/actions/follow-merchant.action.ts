import { action } from "../merchants.dependencies.ts";
import { presentFollowed } from "../present.ts";

const maxFollowed = 1000;

export const followMerchant = action("merchants.followed.add", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { merchants, followers, userCounts, imagePresenter } = dependencies;
  const { userId } = caller;
  const merchant = await merchants.byId(params.id);
  if (merchant?.status !== "active") throw fail("not-found");
  return transaction(async (tx) => {
    const known = await followers.since(userId, merchant.id, tx);
    if (known === undefined && (await followers.add(userId, merchant.id, now, tx))) {
      if (!(await userCounts.add(userId, "followed", maxFollowed, tx)))
        throw fail("limit-reached", "You follow as many merchants as one account can", {
          limit: maxFollowed,
        });
      await merchants.countFollowers(merchant.id, 1, tx);
    }
    const followedAt = known ?? now;
    return presentFollowed({ ...merchant, merchantId: merchant.id, followedAt }, imagePresenter);
  });
});
