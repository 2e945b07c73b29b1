import { expect, test } from "@jest/globals";
import { rankDifference } from "../../support/rank-test.ts";

test("equal samples differ by nothing, and a sample that is larger throughout by all there is", () => {
  expect(rankDifference([1, 2, 3, 4], [1, 2, 3, 4])).toBe(0);
  const [low, high] = [0, 1000].map((base) => Array.from({ length: 100 }, (_, n) => base + n));
  expect(rankDifference(high ?? [], low ?? [])).toBeCloseTo(12.2, 1);
  expect(rankDifference(low ?? [], high ?? [])).toBeCloseTo(-12.2, 1);
});

test("a small shift of a noisy sample of 500 is found", () => {
  // A third of the spread; the noise is the same in each run.
  let seed = 1;
  const noise = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const sample = (shift: number) => Array.from({ length: 500 }, () => noise() + noise() + noise() + shift);
  expect(Math.abs(rankDifference(sample(0), sample(0)))).toBeLessThan(3);
  expect(rankDifference(sample(0.17), sample(0))).toBeGreaterThan(4.5);
});
