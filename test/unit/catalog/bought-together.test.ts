import { expect, test } from "@jest/globals";
import { pairScores, weightAt } from "../../../services/catalog/domain/bought-together.ts";

const today = Date.UTC(2026, 10, 30);
const dayMs = 24 * 3_600_000;

test("an order of 90 days ago counts half as much as one of today", () => {
  expect(weightAt(today - 90 * dayMs) / weightAt(today)).toBeCloseTo(0.5);
  expect(Number.isFinite(weightAt(Date.UTC(2200, 0, 1)))).toBe(true);
});

test("pairs are counted in both directions, once an order", () => {
  const basket = { productIds: ["pen", "ink", "pen"], placedAt: today };
  const score = 2 * weightAt(today);
  expect(pairScores([basket, basket])).toEqual([
    { productId: "ink", otherId: "pen", score },
    { productId: "pen", otherId: "ink", score },
  ]);
  expect(pairScores([{ productIds: ["pen", "pen"], placedAt: today }])).toEqual([]);
});
