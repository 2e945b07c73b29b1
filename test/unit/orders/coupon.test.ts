import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PricingConfig } from "../../../config/index.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { maxPriceMinor } from "../../../mixins/contract/money.ts";
import type { Coupon, CouponDiscount } from "../../../services/orders/domain/coupon.ts";
import { checkTerms, discountOf, refusalOf } from "../../../services/orders/domain/coupon.ts";
import { priceLines, subtotalOf } from "../../../services/orders/domain/pricing.ts";

const now = Date.UTC(2026, 0, 1);

function couponOf(change: Partial<Coupon> = {}): Coupon {
  return {
    id: newId(),
    merchantId: null,
    code: "WELCOME10",
    description: null,
    discount: { kind: "percent", basisPoints: 1000 },
    scope: { kind: "all" },
    minimumSubtotal: 0,
    validFrom: null,
    validUntil: null,
    totalLimit: null,
    perCustomerLimit: null,
    claimable: false,
    claimLimit: null,
    claims: 0,
    active: true,
    uses: 0,
    version: 1,
    createdAt: now,
    updatedAt: now,
    ...change,
  };
}

const use = { subtotal: 1000, usesOfCustomer: 0, isClaimed: false, now };
const percent = (basisPoints: number): CouponDiscount => ({ kind: "percent", basisPoints });
const fixed = (amountMinor: number): CouponDiscount => ({ kind: "fixed", amountMinor });

describe("whether a coupon can be used", () => {
  test("one without conditions can", () => {
    expect(refusalOf(couponOf(), use)).toBeNull();
    expect(refusalOf(undefined, use)).toBe("unknown");
  });

  test("it is valid from its first moment until just before its end", () => {
    const coupon = couponOf({ validFrom: now, validUntil: now + 10 });
    const at = (moment: number) => refusalOf(coupon, { ...use, now: moment });
    expect([at(now - 1), at(now), at(now + 9), at(now + 10)]).toEqual([
      "not-yet-valid",
      null,
      null,
      "expired",
    ]);
  });

  test("the minimum is of the goods before discount, and reached by exactly as much", () => {
    const coupon = couponOf({ minimumSubtotal: 1000 });
    expect(refusalOf(coupon, use)).toBeNull();
    expect(refusalOf(coupon, { ...use, subtotal: 999 })).toBe("minimum-not-reached");
    expect(refusalOf(coupon, { ...use, subtotal: null })).toBe("nothing-eligible");
  });

  test("limits count uses, in total and by customer", () => {
    expect(refusalOf(couponOf({ totalLimit: 2, uses: 1 }), use)).toBeNull();
    expect(refusalOf(couponOf({ totalLimit: 2, uses: 2 }), use)).toBe("exhausted");
    expect(refusalOf(couponOf({ perCustomerLimit: 2 }), { ...use, usesOfCustomer: 1 })).toBeNull();
    expect(refusalOf(couponOf({ perCustomerLimit: 2 }), { ...use, usesOfCustomer: 2 })).toBe(
      "customer-limit-reached",
    );
  });

  test("that it is used up is the last reason of all, so that without it the coupon would do", () => {
    const usedUp = { totalLimit: 1, uses: 1 };
    expect(refusalOf(couponOf({ ...usedUp, active: false }), use)).toBe("inactive");
    expect(refusalOf(couponOf({ ...usedUp, validUntil: now }), use)).toBe("expired");
    expect(refusalOf(couponOf({ ...usedUp, minimumSubtotal: 1001 }), use)).toBe("minimum-not-reached");
  });

  test("it cannot end before it begins", () => {
    const invalid = expect.objectContaining({ type: "validation-failed" });
    const window = (validFrom: number | null, validUntil: number | null) => () =>
      checkTerms(couponOf({ validFrom, validUntil }));
    expect(window(now, now)).toThrow(invalid);
    expect(window(now, now + 1)).not.toThrow();
    expect(window(null, now)).not.toThrow();
  });

  test("one that is claimable can be used by who has claimed it, and it alone limits claims", () => {
    const offer = couponOf({ claimable: true, claimLimit: 5 });
    expect(refusalOf(offer, use)).toBe("not-claimed");
    expect(refusalOf(offer, { ...use, isClaimed: true })).toBeNull();
    expect(() => checkTerms(offer)).not.toThrow();
    expect(() => checkTerms(couponOf({ claimLimit: 5 }))).toThrow(
      expect.objectContaining({ type: "validation-failed" }),
    );
  });
});

describe("a coupon's discount", () => {
  test("a percentage is rounded half up, an amount is capped at the goods' value", () => {
    expect(discountOf(percent(1250), 1004)).toBe(126);
    expect(discountOf(percent(1250), 1003)).toBe(125);
    expect(discountOf(percent(10_000), 1003)).toBe(1003);
    expect(discountOf(fixed(500), 1003)).toBe(500);
    expect(discountOf(fixed(500), 499)).toBe(499);
  });

  const discounts = fc.oneof(
    fc.integer({ min: 1, max: 10_000 }).map(percent),
    fc.integer({ min: 1, max: maxPriceMinor }).map(fixed),
  );
  const subtotals = fc.integer({ min: 0, max: 100 * 999 * maxPriceMinor });

  test("is never negative nor more than the goods, and who buys more gets no less and pays no less", () => {
    fc.assert(
      fc.property(discounts, subtotals, subtotals, (discount, one, other) => {
        const [less, more] = one <= other ? [one, other] : [other, one];
        const [offLess, offMore] = [discountOf(discount, less), discountOf(discount, more)];
        expect(Number.isSafeInteger(offMore)).toBe(true);
        expect(offLess).toBeGreaterThanOrEqual(0);
        expect(offLess).toBeLessThanOrEqual(less);
        expect(offMore).toBeGreaterThanOrEqual(offLess);
        expect(more - offMore).toBeGreaterThanOrEqual(less - offLess);
      }),
    );
  });

  test("a coupon never makes an order dearer, wherever it goes", () => {
    const terms = fc.record({
      taxRateBasisPoints: fc.integer({ min: 0, max: 10_000 }),
      shippingMinor: fc.integer({ min: 0, max: 1_000_000 }),
      freeShippingFromMinor: fc.option(fc.integer({ min: 0, max: 10_000 })),
    });
    const lines = fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 999 }),
        unitPrice: fc.record({ amount: fc.integer({ min: 0, max: 2000 }), currency: fc.constant("GBP") }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(
        terms,
        terms,
        lines,
        discounts,
        fc.constantFrom("GB", "DE", null),
        (usual, abroad, bought, off, country) => {
          const pricing: PricingConfig = {
            currency: "GBP",
            ...usual,
            destinations: new Map([["DE", abroad]]),
          };
          const full = priceLines(bought, pricing, { country, discount: 0 });
          const discount = discountOf(off, subtotalOf(bought));
          const reduced = priceLines(bought, pricing, { country, discount });
          expect(reduced.total).toBe(full.total - discount);
          expect(reduced.tax).toBeLessThanOrEqual(full.tax);
          expect(reduced.shipping).toBe(full.shipping);
        },
      ),
    );
  });
});
