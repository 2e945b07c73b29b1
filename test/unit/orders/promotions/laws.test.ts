import { expect, test } from "@jest/globals";
import { brokenLaws } from "../../../support/promotion-laws.ts";
import { RandomPromotions } from "../../../support/random-promotions.ts";

test("random baskets under random rules lose no penny and exceed no limit", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = new RandomPromotions(seed);
  const tries = Array.from({ length: 20_000 }, () => random.purchase());
  const failed = tries
    .map((purchase) => ({ seed, purchase, broken: brokenLaws(purchase, random) }))
    .find(({ broken }) => broken.length > 0);
  expect(failed).toBeUndefined();
});
