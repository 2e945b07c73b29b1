import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { configOf } from "../../mixins/service/config-of.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import type { Report } from "../../services/operations/verify/report.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import { removeProtection } from "../support/remove-protection.ts";
import { startShop } from "../support/shop.ts";
import { dataServices } from "../support/data-services.ts";
import { randomFrom } from "./nemesis.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";

const buyers = 60;

/** One node runs everything, so that calls work without RabbitMQ, and only events need it. */
describe("events on their way to a RabbitMQ that hangs and is killed", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await takeStack();
  }, 600_000);
  afterAll(() => giveBack(stack), 60_000);

  /** Places orders, then pays all at once while RabbitMQ hangs; it is killed and restarted. */
  async function reportAfter({ confirms }: { confirms: boolean }): Promise<Report> {
    const shop = await startShop({
      services: dataServices,
      env: {
        ...stack.environment,
        NAMESPACE: "test-confirms",
        LOG_LEVEL: "fatal",
      },
    });
    const busy = new ShopTraffic(shop.broker, randomFrom(5));
    const putBack = confirms ? () => undefined : removeProtection("publisher-confirms");
    try {
      const [variantId = ""] = await busy.stock(1000);
      const orders = await Promise.all(
        Array.from({ length: buyers }, async () => {
          const buyer = await busy.newCustomer();
          return busy.place(buyer, await busy.fillCart(buyer, [[variantId, 1]]));
        }),
      );
      await shop.settled();

      await stack.pause("rabbitmq");
      await Promise.all(orders.map(async (order) => order && busy.pay(order.id)));
      expect(busy.history.done["pay"]).toBe(buyers);
      await stack.kill("rabbitmq");
      await stack.start("rabbitmq");
      // The backlog is unknown until the connection is back.
      await busy.until(() =>
        shop.settled().then(
          () => true,
          () => false,
        ),
      );
      return await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 1000 });
    } finally {
      // The framework reconnects after a stop in between.
      await busy.until(() => Promise.resolve(shop.broker.transit?.connected === true));
      await shop.stop();
      putBack();
    }
  }

  const broken = ({ findings }: Report) =>
    findings.filter((finding) => finding.broken > 0).map(({ code }) => code);

  test("take effect, since they leave the outbox only when they are confirmed", async () => {
    expect(broken(await reportAfter({ confirms: true }))).toEqual([]);
  }, 600_000);

  test("are lost without confirms, and that is found", async () => {
    const report = await reportAfter({ confirms: false });
    expect(broken(report)).toEqual(expect.arrayContaining(["orders.reservations", "audit.orders"]));
    expect(report.ok).toBe(false);
  }, 600_000);
});
