import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { maxItems, maxQuantity } from "../../../services/cart/cart.contract.ts";
import type { Cart } from "../../../services/cart/domain/cart.ts";
import { mergeCarts } from "../../../services/cart/domain/merge.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { cartOf, clock, item } from "./carts.ts";

const variantIds = Array.from({ length: maxItems + 50 }, () => newId());

/** Carts that are often near their limits and often share variants. */
const carts = fc
  .array(
    fc.tuple(
      fc.constantFrom(...variantIds),
      fc.oneof(fc.integer({ min: 1, max: maxQuantity }), fc.constant(1)),
    ),
    {
      maxLength: maxItems,
      size: "max",
    },
  )
  .map((chosen) =>
    cartOf(...[...new Map(chosen)].map(([variantId, quantity]) => item({ variantId, quantity }))),
  );

const quantityIn = (cart: Cart, variantId: string) =>
  cart.items.find((there) => there.variantId === variantId)?.quantity ?? 0;

describe("merging a guest cart into a customer's", () => {
  test("loses nothing, exceeds no limit, and leaves only items that do not fit", () => {
    fc.assert(
      fc.property(carts, carts, (own, guest) => {
        const merged = mergeCarts(own, guest, clock);
        for (const variantId of variantIds) {
          const before = quantityIn(own, variantId) + quantityIn(guest, variantId);
          expect(quantityIn(merged.own, variantId) + quantityIn(merged.guest, variantId)).toBe(before);
          expect(quantityIn(merged.own, variantId)).toBeGreaterThanOrEqual(quantityIn(own, variantId));
        }
        expect(merged.own.items.length).toBeLessThanOrEqual(maxItems);
        expect(new Set(merged.own.items.map(({ variantId }) => variantId)).size).toBe(
          merged.own.items.length,
        );
        for (const { quantity } of [...merged.own.items, ...merged.guest.items]) {
          expect(quantity).toBeGreaterThanOrEqual(1);
          expect(quantity).toBeLessThanOrEqual(maxQuantity);
        }
        for (const { variantId } of merged.guest.items) {
          const inOwn = quantityIn(merged.own, variantId);
          expect(inOwn === maxQuantity || (inOwn === 0 && merged.own.items.length === maxItems)).toBe(true);
        }
      }),
    );
  });

  test("merging the remainder again changes nothing", () => {
    fc.assert(
      fc.property(carts, carts, (own, guest) => {
        const once = mergeCarts(own, guest, clock);
        const twice = mergeCarts(once.own, once.guest, clock);
        expect(twice.own).toBe(once.own);
        expect(twice.guest).toBe(once.guest);
      }),
    );
  });

  test("items stay in the order in which they were put in, whichever cart they were in", () => {
    const [first, second, third] = [item(), item(), item()];
    expect(mergeCarts(cartOf(second), cartOf(first, third), clock).own.items).toEqual([first, second, third]);
  });

  test("the guest's coupon takes the place of the customer's and is gone from the guest's cart", () => {
    const [own, guest] = [
      { ...cartOf(item()), couponCode: "OLD" },
      { ...cartOf(item()), couponCode: "NEW" },
    ];
    const merged = mergeCarts(own, guest, clock);
    expect(merged).toMatchObject({ own: { couponCode: "NEW" }, guest: { couponCode: null, items: [] } });
    expect(mergeCarts(merged.own, merged.guest, clock)).toEqual(merged);
    expect(mergeCarts(own, cartOf(item()), clock).own.couponCode).toBe("OLD");
  });

  test("an item that both have keeps the customer's price", () => {
    const own = item();
    const guest = item({ variantId: own.variantId, priceWhenAdded: { amount: 900, currency: "GBP" } });
    expect(mergeCarts(cartOf(own), cartOf(guest), clock).own.items).toEqual([{ ...own, quantity: 2 }]);
  });
});
