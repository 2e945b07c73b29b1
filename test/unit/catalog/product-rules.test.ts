import { describe, expect, test } from "@jest/globals";
import { difference } from "../../../mixins/contract/changes.ts";
import { canBecome } from "../../../services/catalog/domain/product-lifecycle.ts";
import { findShortages } from "../../../services/catalog/domain/shortages.ts";

describe("a product", () => {
  test.each([
    ["draft", "published", true],
    ["draft", "archived", true],
    ["published", "archived", true],
    ["archived", "published", true],
    ["published", "draft", false],
    ["archived", "draft", false],
    ["published", "published", true],
  ] as const)("that is %s can become %s: %s", (from, to, allowed) => {
    expect(canBecome(from, to)).toBe(allowed);
  });

  test("records changed fields only", () => {
    const before = { name: "Mug", options: { colour: "red" }, weight: null };
    expect(difference(before, { ...before, name: "Cup" })).toEqual({
      before: { name: "Mug" },
      after: { name: "Cup" },
    });
    expect(difference(before, { ...before, options: { colour: "red" } })).toBeUndefined();
  });
});

describe("shortages", () => {
  test("name every short line with its available quantity", () => {
    const lines = ["plenty", "short", "hidden", "gone"].map((variantId) => ({ variantId, quantity: 3 }));
    const onHand = new Map([
      ["plenty", 3],
      ["short", 2],
      ["gone", 0],
    ]);
    expect(findShortages(lines, onHand)).toEqual([
      { variantId: "short", requested: 3, available: 2 },
      { variantId: "hidden", requested: 3, available: 0 },
      { variantId: "gone", requested: 3, available: 0 },
    ]);
  });
});
