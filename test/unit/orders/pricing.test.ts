import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { PricingConfig } from "../../../config/index.ts";
import { maxPriceMinor } from "../../../mixins/contract/money.ts";
import { priceLines, subtotalOf } from "../../../services/orders/domain/pricing.ts";

const pricing: PricingConfig = {
  currency: "GBP",
  taxRateBasisPoints: 2000,
  shippingMinor: 495,
  freeShippingFromMinor: 5000,
  destinations: new Map(),
};
const line = (quantity: number, amount: number) => ({ quantity, unitPrice: { amount, currency: "GBP" } });

describe("the price of an order", () => {
  test("goods below the threshold pay shipping, and the tax is contained in the total", () => {
    expect(priceLines([line(2, 1000), line(1, 505)], pricing)).toEqual({
      currency: "GBP",
      subtotal: 2505,
      discount: 0,
      shipping: 495,
      tax: 500,
      taxRateBasisPoints: 2000,
      total: 3000,
    });
  });

  test("goods worth exactly the threshold ship free, one penny less does not", () => {
    expect(priceLines([line(1, 5000)], pricing).shipping).toBe(0);
    expect(priceLines([line(1, 4999)], pricing).shipping).toBe(495);
  });

  test("free shipping depends on the goods before discount", () => {
    const discounted = priceLines([line(1, 5000)], pricing, { country: null, discount: 1000 });
    expect(discounted).toMatchObject({ subtotal: 5000, discount: 1000, shipping: 0, total: 4000, tax: 667 });
  });

  test("a country has the terms that are set for it, all others those of the shop", () => {
    const german = { taxRateBasisPoints: 1900, shippingMinor: 1295, freeShippingFromMinor: null };
    const abroad = { ...pricing, destinations: new Map([["DE", german]]) };
    const to = (country: string | null) => priceLines([line(1, 10_000)], abroad, { country, discount: 0 });
    expect(to("DE")).toMatchObject({ shipping: 1295, tax: 1803, total: 11_295 });
    for (const country of ["GB", "FR", null])
      expect(to(country)).toMatchObject({ shipping: 0, tax: 1667, total: 10_000 });
  });

  test("no more can be taken off than the goods are worth", () => {
    expect(() => priceLines([line(1, 100)], pricing, { country: null, discount: 101 })).toThrow(
      "a discount of 101",
    );
  });

  test("nothing costs nothing", () => {
    expect(priceLines([], pricing)).toMatchObject({ subtotal: 0, shipping: 0, tax: 0, total: 0 });
  });

  test("half a penny of tax is rounded up, less is rounded down", () => {
    const free = { ...pricing, shippingMinor: 0 };
    // 25 % on top of n pence: a fifth of the gross.
    const at = (amount: number, taxRateBasisPoints: number) =>
      priceLines([line(1, amount)], { ...free, taxRateBasisPoints }).tax;
    expect(at(7, 2500)).toBe(1);
    expect(at(8, 2500)).toBe(2);
    // 100 % on top: exactly half of the gross.
    expect(at(3, 10_000)).toBe(2);
    expect(at(10, 0)).toBe(0);
  });

  test("the tax of the largest order is exact to the penny", () => {
    const { total, tax } = priceLines([line(100 * 999, maxPriceMinor)], {
      ...pricing,
      taxRateBasisPoints: 1999,
    });
    const [gross, rate] = [BigInt(total), 1999n];
    const exactTwice = (2n * gross * rate) / (10_000n + rate);
    expect(Number(exactTwice) / 2 - tax).toBeLessThanOrEqual(0.5);
    expect(tax - Number(exactTwice) / 2).toBeLessThanOrEqual(0.5);
  });

  test("a price in another currency is not added up", () => {
    const euros = { quantity: 1, unitPrice: { amount: 100, currency: "EUR" } };
    expect(() => priceLines([euros], pricing)).toThrow("EUR");
  });

  test("whatever is bought and however the shop is set up, the sums hold and nothing is negative", () => {
    const lines = fc.array(
      fc.record({
        quantity: fc.integer({ min: 1, max: 999 }),
        amount: fc.integer({ min: 0, max: maxPriceMinor }),
      }),
      { maxLength: 100 },
    );
    const settings = fc.record({
      currency: fc.constant("GBP"),
      taxRateBasisPoints: fc.integer({ min: 0, max: 10_000 }),
      shippingMinor: fc.integer({ min: 0, max: 1_000_000 }),
      freeShippingFromMinor: fc.option(fc.integer({ min: 0, max: 100_000_000 })),
      destinations: fc.constant(new Map()),
    });
    fc.assert(
      fc.property(lines, settings, fc.double({ min: 0, max: 1, noNaN: true }), (bought, shop, off) => {
        const priced = bought.map(({ quantity, amount }) => line(quantity, amount));
        const taken = Math.floor(subtotalOf(priced) * off);
        const totals = priceLines(priced, shop, { country: "GB", discount: taken });
        const { subtotal, discount, shipping, tax, total } = totals;
        expect(discount).toBe(taken);
        expect(subtotal).toBe(bought.reduce((sum, { quantity, amount }) => sum + quantity * amount, 0));
        expect(total).toBe(subtotal - discount + shipping);
        for (const amount of [subtotal, discount, shipping, tax, total]) {
          expect(Number.isSafeInteger(amount)).toBe(true);
          expect(amount).toBeGreaterThanOrEqual(0);
        }
        expect(tax).toBeLessThanOrEqual(total);
        expect(shipping === 0 || shipping === shop.shippingMinor).toBe(true);
      }),
    );
  });
});
