import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fuzz } from "../fuzz/fuzz.ts";
import { shopToFuzz } from "../fuzz/shop-to-fuzz.ts";

let made: Awaited<ReturnType<typeof shopToFuzz>>;
beforeAll(async () => {
  made = await shopToFuzz();
}, 60_000);
afterAll(() => made.shop.stop());

test("whatever is sent, every answer is as the API describes it", async () => {
  const { faults, requests } = await fuzz({ url: made.shop.url, seed: 20_260_101, requests: 1500, signIn: made.signIn });
  expect(faults).toEqual([]);
  expect(requests).toBe(1500);
}, 300_000);
