import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../merchants.dependencies.ts";
import { merchantState, presentProfile, profileSnapshot } from "../present.ts";

export const updateMerchant = action("merchants.update", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { merchants, locales, imagePresenter } = dependencies;
  return transaction(async (tx) => {
    const merchant = await merchants.lock(params.id, tx, merchantFilter(caller, "merchants:write"));
    if (!merchant) throw fail("not-found");
    assertVersion(merchant, params);

    const wanted = {
      ...merchant,
      slug: params.slug ?? merchant.slug,
      name: params.name ?? merchant.name,
      description: params.description ?? merchant.description,
      texts: locales.withChanges(merchant.texts, params.texts),
      contact: params.contact ?? merchant.contact,
      legal: params.legal ?? merchant.legal,
      version: merchant.version + 1,
      updatedAt: now,
    };
    const isRenamed = difference(merchantState(merchant), merchantState(wanted)) !== undefined;
    const differing = difference(profileSnapshot(merchant), profileSnapshot(wanted));
    if (!isRenamed && !differing) return presentProfile(merchant, imagePresenter);

    if ((await merchants.update(merchant, wanted, tx)) === "taken")
      throw fail("already-exists", undefined, {
        errors: [{ path: "slug", code: "taken", message: "is taken" }],
      });
    if (isRenamed)
      tx.publish("merchants.changed", {
        merchantId: merchant.id,
        version: wanted.version,
        before: merchantState(merchant),
        after: merchantState(wanted),
      });
    if (differing) tx.publish("merchants.profile-changed", { merchantId: merchant.id, ...differing });
    return presentProfile(wanted, imagePresenter);
  });
});
