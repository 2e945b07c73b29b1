import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { fuzz } from "../fuzz/fuzz.ts";
import type { ShopToFuzz } from "../fuzz/shop-to-fuzz.ts";
import { shopToFuzz } from "../fuzz/shop-to-fuzz.ts";

let made: ShopToFuzz;
beforeAll(async () => {
  made = await shopToFuzz();
}, 60_000);
afterAll(() => made?.shop.stop());

test("whatever is sent, every answer is as the API describes it", async () => {
  const { shop: _shop, ...reach } = made;
  const { faults, requests, repeated, operations, neverDone, schemas } = await fuzz({ ...reach, seed: 20_260_101, requests: 1000 });
  process.stdout.write(`${requests} requests and ${repeated} repetitions, ${schemas} schemas; ${operations - neverDone.length} of ${operations} operations succeeded\n`);
  expect(faults).toEqual([]);
  // A run this short leaves some to chance.
  expect(neverDone.length).toBeLessThan(operations / 3);
}, 300_000);
