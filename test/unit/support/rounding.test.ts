import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { maxPriceMinor } from "../../../mixins/contract/money.ts";
import { allocate, proportionOf } from "../../../mixins/support/rounding.ts";

/** The goods of an order at most: a hundred lines of 999 at the highest price. */
const mostGoods = 100 * 999 * maxPriceMinor;
const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);

describe("a proportion", () => {
  test("half a penny is rounded up, less is rounded down", () => {
    expect(proportionOf(5, 1, 10)).toBe(1);
    expect(proportionOf(4, 1, 10)).toBe(0);
    expect(proportionOf(15, 1, 10)).toBe(2);
    expect(proportionOf(0, 0, 1)).toBe(0);
  });

  test("is off by half a penny at most, exact where a double would not be", () => {
    const amounts = fc.integer({ min: 0, max: mostGoods });
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        (amount, part, whole) => {
          fc.pre(part <= whole);
          const error =
            2n * (BigInt(proportionOf(amount, part, whole)) * BigInt(whole) - BigInt(amount) * BigInt(part));
          expect(error <= BigInt(whole) && error > -BigInt(whole)).toBe(true);
        },
      ),
    );
  });
});

describe("allocating an amount", () => {
  test("gives the remainder by largest fraction, and ties to the first", () => {
    expect(allocate(100, [100, 100, 100])).toEqual([34, 33, 33]);
    expect(allocate(1, [1, 2, 1])).toEqual([0, 1, 0]);
    expect(allocate(10, [5, 5])).toEqual([5, 5]);
  });

  test("nothing is spread over anything, and something not over less", () => {
    expect(allocate(0, [])).toEqual([]);
    expect(allocate(0, [0, 7])).toEqual([0, 0]);
    expect(() => allocate(8, [0, 7])).toThrow("8 cannot be spread over 7");
  });

  test("loses no penny, takes no part beyond its weight, and strays from no exact share by a penny", () => {
    const weights = fc.array(
      fc.oneof(
        fc.integer({ min: 0, max: 999 * maxPriceMinor }),
        fc.integer({ min: 0, max: 5 }),
        fc.constant(100),
      ),
      { minLength: 1, maxLength: 100 },
    );
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (lines, share) => {
        const whole = sum(lines);
        const amount = Math.floor(whole * share);
        const parts = allocate(amount, lines);
        expect(sum(parts)).toBe(amount);
        for (const [index, part] of parts.entries()) {
          const weight = lines[index] ?? 0;
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(weight);
          if (whole === 0) continue;
          const strayed = BigInt(part) * BigInt(whole) - BigInt(amount) * BigInt(weight);
          expect(strayed < BigInt(whole) && strayed > -BigInt(whole)).toBe(true);
        }
      }),
    );
  });
});
