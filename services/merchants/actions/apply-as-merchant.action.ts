import { newId } from "../../../mixins/contract/ids.ts";
import { maxMemberships } from "../domain/member.ts";
import { noRating } from "../domain/merchant.ts";
import { action } from "../merchants.dependencies.ts";
import { merchantState, presentProfile } from "../present.ts";
import { publishTerms } from "../publish-terms.ts";

export const applyAsMerchant = action("merchants.apply", async (context, dependencies) => {
  const { params, caller, now, call, transaction, fail } = context;
  const { merchants, members, terms, userCounts, locales, imagePresenter, commissionBasisPoints } =
    dependencies;
  const { email } = await call("users.me.get");
  const merchant = {
    ...params,
    id: newId(),
    texts: locales.withChanges({}, params.texts),
    status: "pending",
    reason: null,
    logo: null,
    products: 0,
    followers: 0,
    rating: noRating,
    applicantId: caller.userId,
    version: 1,
    termsVersion: 1,
    createdAt: now,
    updatedAt: now,
  } as const;
  await transaction(async (tx) => {
    if (!(await merchants.insert(merchant, tx)))
      throw fail("already-exists", undefined, {
        errors: [{ path: "slug", code: "taken", message: "is taken" }],
      });
    if (!(await userCounts.add(caller.userId, "memberships", maxMemberships, tx)))
      throw fail("limit-reached", "You work for as many merchants as one account can", {
        limit: maxMemberships,
      });
    const owner = { merchantId: merchant.id, userId: caller.userId, role: "owner", version: 1 } as const;
    await members.put({ ...owner, email, joinedAt: now }, tx);
    const first = { version: 1, validFrom: now, basisPoints: commissionBasisPoints, categories: [] };
    await terms.add(merchant.id, { ...first, createdAt: now }, tx);
    tx.publish("merchants.changed", {
      merchantId: merchant.id,
      version: 1,
      before: null,
      after: merchantState(merchant),
    });
    tx.publish("merchants.member-changed", owner);
    publishTerms(merchant.id, first, tx);
  });
  return presentProfile(merchant, imagePresenter);
});
