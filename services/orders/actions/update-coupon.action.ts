import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import type { Params } from "../../../mixins/contract/calls.ts";
import type { Coupon } from "../domain/coupon.ts";
import { checkTerms, worthOf } from "../domain/coupon.ts";
import { assertApproved, moneyAction } from "../money/limit-money.ts";
import { couponSnapshot, presentCoupon } from "../present-coupon.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";

/** Locks the coupon, so that no order uses terms that are changing. */
export const updateCoupon = moneyAction("orders.coupons.update", async (context, dependencies) => {
  const { coupons, pricing } = dependencies;
  const { params, caller, now, transaction, fail } = context;
  const among = merchantFilter(caller, "orders:write");
  const { currency } = pricing;
  return transaction(async (tx) => {
    const coupon = await coupons.lock(params.code, among, tx);
    if (!coupon) throw fail("not-found");
    assertVersion(coupon, params);

    const wanted = withTerms(coupon, params);
    const differing = difference(couponSnapshot(coupon, currency), couponSnapshot(wanted, currency));
    if (!differing) return presentCoupon(coupon, currency);
    checkTerms(wanted);
    if (wanted.totalLimit !== null && wanted.totalLimit < coupon.uses)
      throw fail("limit-reached", `Already used ${coupon.uses} times`, { limit: coupon.uses });

    if (wanted.claimLimit !== null && wanted.claimLimit < coupon.claims)
      throw fail("limit-reached", `Already claimed ${coupon.claims} times`, { limit: coupon.claims });

    // A change that does not increase the coupon's worth needs no approval, nor one that a merchant pays for itself.
    const [before, after] = [worthOf(coupon), worthOf(wanted)];
    const isLess = !wanted.active || (before !== null && after !== null && after <= before);
    if (!isLess && among === undefined)
      await assertApproved("orders.coupons.update", after, context, tx, dependencies);

    const changed = { ...wanted, version: coupon.version + 1, updatedAt: now };
    await coupons.update(changed, tx);
    tx.publish("orders.coupon-changed", {
      couponId: coupon.id,
      code: coupon.code,
      change: "updated",
      ...differing,
    });
    return presentCoupon(changed, currency);
  });
});

function withTerms(coupon: Coupon, asked: Params<"orders.coupons.update">): Coupon {
  const {
    code: _code,
    expectedVersion: _version,
    minimumSubtotalMinor,
    validFrom,
    validUntil,
    ...terms
  } = asked;
  const defined = Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
  return {
    ...coupon,
    ...defined,
    minimumSubtotal: minimumSubtotalMinor ?? coupon.minimumSubtotal,
    validFrom: momentOf(validFrom, coupon.validFrom),
    validUntil: momentOf(validUntil, coupon.validUntil),
  };
}

function momentOf(asked: string | null | undefined, kept: number | null): number | null {
  if (asked === undefined) return kept;
  return asked === null ? null : Date.parse(asked);
}
