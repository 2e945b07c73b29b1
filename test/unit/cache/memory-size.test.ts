import { expect, test } from "@jest/globals";
import { memorySizeOf } from "../../../mixins/cache/memory-size.ts";

test("What holds more takes up more", () => {
  const product = {
    id: "0199",
    name: "Mug",
    price: { amount: 2500, currency: "GBP" },
    tags: ["blue", "round"],
    category: null,
  };
  const size = memorySizeOf(product);
  expect(size).toBeGreaterThan(JSON.stringify(product).length / 2);
  expect(size).toBeLessThan(JSON.stringify(product).length * 5);
  expect(memorySizeOf(Array.from({ length: 100 }, () => product))).toBeGreaterThan(100 * size);
  expect(memorySizeOf({ ...product, name: "M".repeat(1000) })).toBe(size + 997);
});

test("What is no object takes up no more than its place", () => {
  expect([null, undefined, true, 7].map(memorySizeOf)).toEqual([0, 0, 0, 0]);
});
