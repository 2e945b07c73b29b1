import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import { configOf } from "../../mixins/config-of.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import { checkShop } from "../../services/node/check/check-shop.ts";
import type { Report } from "../../services/node/check/report.ts";
import { migrateUp } from "../../services/node/migrate.ts";
import { BusyShop } from "../support/busy-shop.ts";
import { customer, startShop } from "../support/shop.ts";
import { randomFrom } from "./nemesis.ts";

const buyers = 60;

/** One node runs everything, so that calls go on without RabbitMQ, and only events need it. */
describe("events on their way to a RabbitMQ that hangs and is killed", () => {
  let stack: Stack;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "confirms-test-"));
    stack = await startStack({ directory, fast: true, yes: true });
    await migrateUp(loadConfig({ ...stack.environment }), () => undefined);
  }, 120_000);
  afterAll(() => stopStack({ directory: stack.directory, purge: true }), 60_000);

  /** Orders are placed, then all are paid at once while RabbitMQ hangs; it is killed and comes back. */
  async function reportAfter(without: string): Promise<Report> {
    const shop = await startShop({
      services: ["users", "catalog", "cart", "orders", "audit"],
      env: {
        ...stack.environment,
        NAMESPACE: "test-confirms",
        TEST_SHOP_MAY_LOSE_DATA: "true",
        TEST_WITHOUT_PROTECTIONS: without,
        LOG_LEVEL: "fatal",
      },
    });
    const busy = new BusyShop(shop.broker, randomFrom(5));
    try {
      const [variantId = ""] = await busy.stock(1000);
      const orders = await Promise.all(
        Array.from({ length: buyers }, async () => {
          const buyer = customer();
          return busy.place(buyer, await busy.fillCart(buyer, [[variantId, 1]]));
        }),
      );
      await shop.settled();

      await stack.pause("rabbitmq");
      await Promise.all(orders.map(async (order) => order && busy.pay(order.id)));
      expect(busy.history.done["pay"]).toBe(buyers);
      await stack.kill("rabbitmq");
      await stack.start("rabbitmq");
      // There is no backlog to be had before the connection is back.
      await busy.until(() => shop.settled().then(() => true, () => false));
      return await checkShop(configOf(shop.broker), { settled: true, patienceMs: 1000 });
    } finally {
      // The framework goes on to connect after a stop in between.
      await busy.until(() => Promise.resolve(shop.broker.transit?.connected === true));
      await shop.stop();
    }
  }

  const broken = ({ findings }: Report) => findings.filter((finding) => finding.broken > 0).map(({ code }) => code);

  test("take effect, since they leave the outbox only when they are confirmed", async () => {
    expect(broken(await reportAfter(""))).toEqual([]);
  }, 180_000);

  test("are lost without confirms, and that is found", async () => {
    const report = await reportAfter("publisher-confirms");
    expect(broken(report)).toEqual(expect.arrayContaining(["orders.reservations", "audit.orders"]));
    expect(report.ok).toBe(false);
  }, 180_000);
});
