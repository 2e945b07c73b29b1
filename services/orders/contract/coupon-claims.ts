import { z } from "zod";
import { action } from "../../../mixins/contract/contract.ts";
import { timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { money } from "../../../mixins/contract/money.ts";
import { page, pageParams } from "../../../mixins/contract/paging.ts";
import type { WalletState } from "../domain/wallet.ts";
import { couponCode, shownDiscount, couponScope } from "./coupons.ts";
import { merchantId } from "./parts.ts";

const walletStates = ["usable", "used", "expired"] as const satisfies readonly WalletState[];

/** Terms that customers see. */
const terms = {
  id,
  merchantId: merchantId.describe("It discounts goods of this merchant only; null: of the whole mall"),
  discount: shownDiscount,
  scope: couponScope,
  minimumSubtotal: money.describe("Of the goods in its scope, before discount"),
  validFrom: timestamp.nullable(),
  validUntil: timestamp.nullable().describe("End, exclusive; null: for good"),
  perCustomerLimit: z.int().nullable().describe("Maximum number of your orders with it; null: any number"),
} as const;

const offer = z
  .strictObject({
    ...terms,
    left: z.int().nullable().describe("Claims that are left; null: any number"),
  })
  .meta({ id: "CouponOffer" });

const claimed = z
  .strictObject({
    ...terms,
    code: couponCode.describe("To put on a cart"),
    state: z
      .enum(walletStates)
      .describe(
        "`used` when no more of your orders can use it, and one does; `expired` when it has ended, was disabled or used up by others before; else `usable`",
      ),
    uses: z.int().describe("Number of your orders that use it, without cancelled and expired ones"),
    claimedAt: timestamp,
  })
  .meta({ id: "ClaimedCoupon" });

export const couponClaimActions = {
  "coupon-offers.list": action({
    summary: "List coupons that can be claimed now",
    access: "anyone",
    route: { method: "GET", path: "/coupon-offers", caching: "public" },
    params: z.strictObject({ ...pageParams(["createdAt"], "-createdAt"), merchantId: id.optional() }),
    result: page(offer),
    errors: [],
    idempotent: true,
    reads: "replica",
    cache: { maxAgeMs: 1000 },
  }),
  "coupon-offers.claim": action({
    summary: "Claim a coupon",
    description:
      "Once per customer: claimed again, the same claim is returned. Put its code on your cart to use it.",
    access: "signed-in",
    route: { method: "POST", path: "/coupon-offers/{id}/claims", status: 200 },
    params: z.strictObject({ id }),
    result: claimed,
    errors: ["not-found", "coupon-exhausted"],
    idempotent: true,
    reads: "primary",
  }),
  "claimed-coupons.list": action({
    summary: "List the coupons that you have claimed",
    access: "signed-in",
    route: { method: "GET", path: "/me/coupons" },
    params: z.strictObject({
      ...pageParams(["claimedAt"], "-claimedAt"),
      state: z.enum(walletStates).optional(),
    }),
    result: page(claimed),
    errors: [],
    idempotent: true,
  }),
};
