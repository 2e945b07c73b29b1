import { describe, expect, test } from "@jest/globals";
import type { CartItem } from "../../../services/cart/domain/cart.ts";
import type { Variant } from "../../../services/cart/domain/valuation.ts";
import { isOrderable, valueItems } from "../../../services/cart/domain/valuation.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { cartOf, item } from "./carts.ts";

const wanted = item({ quantity: 3 });

function variant(changes: Partial<Variant> = {}): Variant {
  const price = { amount: 500, currency: "GBP" };
  const product = { productId: newId(), productSlug: "mug", merchantId: null, name: "Mug" };
  const shown = { ...product, sku: "MUG-1", options: {} };
  return { variantId: wanted.variantId, ...shown, price, onSale: true, available: 3, ...changes };
}

function value(items: CartItem[], ...variants: Variant[]) {
  return valueItems(cartOf(...items), new Map(variants.map((known) => [known.variantId, known])));
}

describe("valuation of a cart's items", () => {
  test.each([
    ["as many as wanted are there", variant(), "ok", 500],
    ["fewer than wanted are there", variant({ available: 2 }), "short", 500],
    ["it is no longer on sale", variant({ onSale: false }), "unavailable", undefined],
    ["the catalogue no longer knows it", variant({ variantId: newId() }), "unavailable", undefined],
  ] as const)("when %s", (_case, known, state, amount) => {
    const [valued] = value([wanted], known);
    expect(valued?.state).toBe(state);
    expect(valued?.unitPrice?.amount).toBe(amount);
  });

  test("a cart can be ordered when there is something in it and all of it is there", () => {
    expect(isOrderable(value([]))).toBe(false);
    expect(isOrderable(value([wanted], variant()))).toBe(true);
    expect(isOrderable(value([wanted, item()], variant()))).toBe(false);
    expect(isOrderable(value([wanted], variant({ available: 2 })))).toBe(false);
  });
});
