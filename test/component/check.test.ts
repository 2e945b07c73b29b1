import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { configOf } from "../../mixins/service/config-of.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { reportText } from "../../services/operations/verify/report.ts";
import { randomFrom } from "../cluster/nemesis.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { dataServices } from "../support/data-services.ts";

const visits = 150;

describe("a shop that had many visitors at once", () => {
  let shop: Shop;
  let busy: ShopTraffic;

  beforeAll(async () => {
    const env = { SWEEP_INTERVAL_SECONDS: "1" };
    shop = await startShop({ services: dataServices, env });
    busy = new ShopTraffic(shop.broker, randomFrom(7));
    await busy.stock(5, 20, 60, 200);
    await busy.stock(1000, 0);
    await busy.issue(5, 15, 1000);
    await Promise.all(Array.from({ length: visits }, () => busy.visit()));
    await busy.refundsSettled();
    await shop.settled();
  }, 600_000);
  afterAll(() => shop.stop());

  test("is found in order, and settled", async () => {
    const report = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
    process.stdout.write(`${JSON.stringify(busy.history.done)}\n${reportText(report)}\n`);
    expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
    expect(report).toMatchObject({ ok: true, violations: 0, warnings: 0, underWay: 0, settled: true });
  });
});
