import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { configOf } from "../../mixins/config-of.ts";
import { checkShop } from "../../services/node/check/check-shop.ts";
import { reportText } from "../../services/node/check/report.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { BusyShop } from "../support/busy-shop.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const visits = 150;

describe("a shop that had many visitors at once", () => {
  let shop: Shop;
  let busy: BusyShop;

  beforeAll(async () => {
    const env = { SWEEP_INTERVAL_SECONDS: "1" };
    shop = await startShop({ services: ["catalog", "cart", "orders", "audit", "users"], env });
    busy = new BusyShop(shop.broker, randomFrom(7));
    await busy.stock(5, 20, 60, 200);
    await busy.stock(1000, 0);
    await busy.issue(5, 15, 1000);
    await Promise.all(Array.from({ length: visits }, () => busy.visit()));
    await busy.refundsGiven();
    await shop.settled();
  }, 180_000);
  afterAll(() => shop.stop());

  test("is found in order, and settled", async () => {
    const report = await checkShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
    process.stdout.write(`${JSON.stringify(busy.history.done)}\n${reportText(report)}\n`);
    expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
    expect(report).toMatchObject({ ok: true, violations: 0, warnings: 0, underWay: 0, settled: true });
  });
});
