import { describe, expect, test } from "@jest/globals";
import { maxItems, maxQuantity } from "../../../services/cart/cart.contract.ts";
import {
  isDueForRenewal,
  withItemAdded,
  withItemsAdded,
  withQuantity,
  withoutItem,
  withoutOrdered,
  withCoupon,
} from "../../../services/cart/domain/cart.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { cartOf, clock, item } from "./carts.ts";

describe("changing a cart's items", () => {
  test("each change makes a new version and gives the cart its whole life again", () => {
    const cart = withItemAdded(cartOf(), item(), clock);
    expect(cart).toMatchObject({ version: 2, updatedAt: clock.now, expiresAt: clock.now + clock.lifetimeMs });
  });

  test("more of a variant increases the item, at the current price", () => {
    const there = item({ quantity: 2 });
    const more = item({
      variantId: there.variantId,
      quantity: 3,
      priceWhenAdded: { amount: 1200, currency: "GBP" },
    });
    const { items } = withItemAdded(cartOf(there), more, clock);
    expect(items).toEqual([{ ...there, quantity: 5, priceWhenAdded: { amount: 1200, currency: "GBP" } }]);
  });

  test("one more than the most of a variant is refused with the limit", () => {
    const there = item({ quantity: maxQuantity - 1 });
    const full = withItemAdded(cartOf(there), item({ variantId: there.variantId }), clock);
    expect(full.items).toMatchObject([{ quantity: maxQuantity }]);
    const tooMany = () => withItemAdded(full, item({ variantId: there.variantId }), clock);
    expect(tooMany).toThrow(expect.objectContaining({ type: "limit-reached", data: { limit: maxQuantity } }));
  });

  test("a full cart accepts more of its own variants only", () => {
    const items = Array.from({ length: maxItems }, () => item());
    const cart = cartOf(...items);
    const another = () => withItemAdded(cart, item(), clock);
    expect(another).toThrow(expect.objectContaining({ type: "limit-reached", data: { limit: maxItems } }));
    expect(withItemAdded(cart, item({ variantId: items[7]?.variantId ?? "" }), clock).items[7]).toMatchObject(
      { quantity: 2 },
    );
  });

  test("changing or removing a missing item is not-found", () => {
    const notFound = expect.objectContaining({ type: "not-found" });
    expect(() => withQuantity(cartOf(item()), newId(), 2, clock)).toThrow(notFound);
    expect(() => withoutItem(cartOf(item()), newId(), clock)).toThrow(notFound);
  });
});

describe("adding several items", () => {
  test("counts as one change, and lines of one variant add up", () => {
    const [there, other] = [item({ quantity: 2 }), item()];
    const twice = item({ variantId: there.variantId, quantity: 3 });
    const cart = withItemsAdded(cartOf(there), [twice, other, { ...twice, id: newId() }], clock);
    expect(cart.version).toBe(2);
    expect(cart.items.map(({ quantity }) => quantity)).toEqual([8, 1]);
  });

  test("beyond a limit, each such item is named", () => {
    const there = item({ quantity: maxQuantity });
    const full = cartOf(there, ...Array.from({ length: maxItems - 2 }, () => item()));
    const add = () =>
      withItemsAdded(full, [item({ variantId: there.variantId }), item(), item(), item()], clock);
    const fault = (index: number) =>
      expect.objectContaining({ path: `items.${index}`, code: "limit-reached" });
    expect(add).toThrow(
      expect.objectContaining({ type: "validation-failed", data: { errors: [0, 2, 3].map(fault) } }),
    );
  });
});

describe("removing ordered items", () => {
  test("items added after the order stay", () => {
    const [all, some, other] = [item({ quantity: 2 }), item({ quantity: 5 }), item()];
    const lines = [
      { variantId: all.variantId, quantity: 2 },
      { variantId: some.variantId, quantity: 3 },
    ];
    const left = withoutOrdered(cartOf(all, some, other), lines, clock);
    expect(left.items).toEqual([{ ...some, quantity: 2 }, other]);
    expect(left.version).toBe(2);
  });

  test("a quantity that was lowered meanwhile goes to nothing, not below", () => {
    const lowered = item({ quantity: 1 });
    const lines = [{ variantId: lowered.variantId, quantity: 4 }];
    expect(withoutOrdered(cartOf(lowered), lines, clock).items).toEqual([]);
  });

  test("lines of one variant count together", () => {
    const five = item({ quantity: 5 });
    const line = { variantId: five.variantId, quantity: 2 };
    expect(withoutOrdered(cartOf(five), [line, line], clock).items).toEqual([{ ...five, quantity: 1 }]);
  });

  test("a cart with none of it stays as it is", () => {
    const cart = cartOf(item());
    expect(withoutOrdered(cart, [{ variantId: newId(), quantity: 1 }], clock)).toBe(cart);
  });
});

test("a coupon is a change of the cart unless it is there already", () => {
  const cart = withCoupon(cartOf(item()), "SAVE-5", clock);
  expect(cart).toMatchObject({ couponCode: "SAVE-5", version: 2, updatedAt: clock.now });
  expect(withCoupon(cart, "SAVE-5", clock)).toBe(cart);
  expect(withCoupon(cart, null, clock)).toMatchObject({ couponCode: null, version: 3 });
});

test("a cart's life is renewed once less than half of it is left", () => {
  const cart = { ...cartOf(), expiresAt: clock.lifetimeMs };
  expect(isDueForRenewal(cart, { ...clock, now: clock.lifetimeMs / 2 })).toBe(false);
  expect(isDueForRenewal(cart, { ...clock, now: clock.lifetimeMs / 2 + 1 })).toBe(true);
});
