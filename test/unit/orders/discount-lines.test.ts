import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Coupon } from "../../../services/orders/domain/coupon.ts";
import { discountOf } from "../../../services/orders/domain/coupon.ts";
import type { CouponScope, ScopedLine } from "../../../services/orders/domain/coupon-scope.ts";
import { discountLines, eligibleSubtotal } from "../../../services/orders/domain/discount-lines.ts";

const gbp = (amount: number) => ({ amount, currency: "GBP" });
const ofMall = { merchantId: null };
const percent = { kind: "percent", basisPoints: 1250 } as const;

const mug: ScopedLine = {
  quantity: 2,
  unitPrice: gbp(500),
  merchantId: "potter",
  productId: "mug",
  brandId: "clay",
  categoryIds: ["mugs", "kitchen"],
};
const book: ScopedLine = { quantity: 1, unitPrice: gbp(999), productId: "book", categoryIds: ["books"] };

describe("a coupon's scope", () => {
  test.each<[CouponScope, number | null]>([
    [{ kind: "all" }, 1999],
    [{ kind: "products", ids: ["book", "gone"] }, 999],
    [{ kind: "categories", ids: ["mugs"] }, 1000],
    [{ kind: "categories", ids: ["kitchen"] }, 1000],
    [{ kind: "categories", ids: ["kitchen", "books"] }, 1999],
    [{ kind: "brands", ids: ["clay"] }, 1000],
    [{ kind: "merchants", ids: ["potter"] }, 1000],
    [{ kind: "merchants", ids: ["mug"] }, null],
  ])("%j counts goods of %p", (scope, subtotal) => {
    expect(eligibleSubtotal({ ...ofMall, scope }, [mug, book])).toBe(subtotal);
  });

  test("goods of which brand and categories are unknown are in no scope but that of all", () => {
    const unknown = { quantity: 1, unitPrice: gbp(100) };
    for (const kind of ["products", "categories", "brands", "merchants"] as const)
      expect(eligibleSubtotal({ ...ofMall, scope: { kind, ids: ["mug"] } }, [unknown])).toBeNull();
    expect(eligibleSubtotal({ ...ofMall, scope: { kind: "all" } }, [])).toBe(0);
  });

  test("only eligible lines are discounted", () => {
    const scope = { kind: "categories", ids: ["books"] } as const;
    expect(discountLines({ ...ofMall, scope, discount: percent }, [mug, book])).toEqual([0, 125]);
    const amount = { kind: "fixed", amountMinor: 5000 } as const;
    expect(discountLines({ ...ofMall, scope, discount: amount }, [mug, book])).toEqual([0, 999]);
  });
});

describe("a merchant's coupon", () => {
  const coupon = { merchantId: "potter", discount: percent };

  test("discounts that merchant's goods in its scope, and nothing else", () => {
    expect(discountLines({ ...coupon, scope: { kind: "all" } }, [mug, book])).toEqual([125, 0]);
    const books = { ...coupon, scope: { kind: "products", ids: ["book"] } } as const;
    expect(eligibleSubtotal(books, [mug, book])).toBeNull();
    expect(discountLines(books, [mug, book])).toEqual([0, 0]);
  });

  test("does nothing in a basket without them", () => {
    expect(eligibleSubtotal({ ...coupon, scope: { kind: "all" } }, [book])).toBeNull();
  });
});

describe("any basket", () => {
  const names = ["one", "two", "three", "four"];
  const name = fc.constantFrom(...names);
  const owner = fc.option(name);
  const lines = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 999 }),
      unitPrice: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 100_000 })).map(gbp),
      merchantId: fc.option(name),
      productId: name,
      brandId: fc.option(name),
      categoryIds: fc.subarray(names),
    }),
    { maxLength: 12 },
  );
  const scope: fc.Arbitrary<CouponScope> = fc.oneof(
    fc.constant({ kind: "all" } as const),
    fc.record({
      kind: fc.constantFrom("products", "categories", "brands", "merchants"),
      ids: fc.subarray(names, { minLength: 1 }),
    }),
  );
  const discount: fc.Arbitrary<Coupon["discount"]> = fc.oneof(
    fc.integer({ min: 1, max: 10_000 }).map((basisPoints) => ({ kind: "percent" as const, basisPoints })),
    fc.integer({ min: 1, max: 1_000_000 }).map((amountMinor) => ({ kind: "fixed" as const, amountMinor })),
  );
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

  test("is discounted by what its eligible goods are worth, to the penny, and nothing becomes negative", () => {
    fc.assert(
      fc.property(lines, scope, discount, owner, (bought, scoped, off, merchantId) => {
        const coupon = { scope: scoped, discount: off, merchantId };
        const discounts = discountLines(coupon, bought);
        expect(sum(discounts)).toBe(discountOf(off, eligibleSubtotal(coupon, bought) ?? 0));
        for (const [index, line] of bought.entries()) {
          const share = discounts[index] ?? -1;
          const isEligible = eligibleSubtotal(coupon, [line]) !== null;
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(isEligible ? line.quantity * line.unitPrice.amount : 0);
        }
      }),
    );
  });

  test("is discounted alike in whatever order its lines are", () => {
    fc.assert(
      fc.property(lines, scope, discount, owner, (bought, scoped, off, merchantId) => {
        const coupon = { scope: scoped, discount: off, merchantId };
        const shares = (of: readonly ScopedLine[]) => {
          const discounts = discountLines(coupon, of);
          return of
            .map(({ quantity, unitPrice }, index) => [quantity * unitPrice.amount, discounts[index] ?? 0])
            .toSorted(([worth = 0, share = 0], [other = 0, its = 0]) => worth - other || share - its)
            .filter(([, share]) => share !== 0);
        };
        expect(shares(bought.toReversed())).toEqual(shares(bought));
      }),
    );
  });
});
