import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Channel, ChannelModel } from "amqplib";
import { connect } from "amqplib";
import type { Service } from "moleculer";
import type { Stack } from "../../deploy/local/stack.ts";
import { configOf } from "../../mixins/service/config-of.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { AmqpTopology } from "../../mixins/events/amqp-topology.ts";
import { amqpTopology } from "../../mixins/events/amqp-topology.ts";
import type { DurableEvents } from "../../mixins/events/durable-events.ts";
import { eventTransport } from "../../mixins/events/open-event-transport.ts";
import { purgeSentEvents } from "../../mixins/events/purge-sent-events.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import type { CommandContext } from "../../services/operations/console/command.ts";
import { resendEvents } from "../../services/operations/console/resend-events.command.ts";
import { ShopTraffic } from "../support/shop-traffic.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { randomFrom, unleash } from "./nemesis.ts";
import { until } from "./processes.ts";
import { giveBack, takeStack } from "./stack-for-tests.ts";
import { allContracts } from "../support/all-contracts.ts";
import { dataServices } from "../support/data-services.ts";

const buyers = 4;
/** How often each service's queue is deleted. */
const timesEach = 2;

describe("events when RabbitMQ loses queues", () => {
  let stack: Stack;
  let shop: Shop;
  let busy: ShopTraffic;
  let topology: AmqpTopology;

  beforeAll(async () => {
    stack = await takeStack();
    shop = await startShop({
      services: dataServices,
      env: {
        ...stack.environment,
        NAMESPACE: "test-lost-queues",
        LOG_LEVEL: "fatal",
        EVENT_BACKOFF_MS: "50",
      },
    });
    busy = new ShopTraffic(shop.broker, randomFrom(7));
    const { namespace, events } = configOf(shop.broker);
    topology = amqpTopology(allContracts, namespace, events.backoffMs);
    await busy.stock(1000, 1000, 1000);
  }, 600_000);
  afterAll(async () => {
    await shop?.stop();
    await giveBack(stack);
  }, 240_000);

  const service = (name: string) =>
    shop.broker.getLocalService(name) as Service & ServiceWithDatabase & { durableEvents: DurableEvents };

  async function connected<T>(work: (connection: ChannelModel) => Promise<T>): Promise<T> {
    const connection = await connect(stack.environment.AMQP_URL);
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  }
  async function openChannel(connection: ChannelModel): Promise<Channel> {
    const channel = await connection.createChannel();
    channel.on("error", () => undefined);
    return channel;
  }
  const onChannel = <T>(work: (channel: Channel) => Promise<T>) =>
    connected(async (connection) => work(await openChannel(connection)));
  /** Fails while the connection is re-established. */
  const settled = () =>
    busy.until(() =>
      shop.settled().then(
        () => true,
        () => false,
      ),
    );
  const broken = async (options: { settled?: boolean } = {}) => {
    const { findings } = await verifyShop(configOf(shop.broker), { patienceMs: 1000, ...options });
    return findings.filter((finding) => finding.broken > 0);
  };

  test("when queues are deleted while orders flow, every consumer takes every event in, and once", async () => {
    /** A missing queue closes the channel. */
    const isHeard = async (queue: string, connection: ChannelModel) => {
      const channel = await openChannel(connection);
      const state = await channel.checkQueue(queue).catch(() => undefined);
      if (state) await channel.close();
      return state !== undefined && state.consumerCount > 0;
    };
    const strike = (queue: string) => ({
      kind: queue,
      strike: () =>
        connected(async (connection) => {
          // RabbitMQ 3.10 leaves a broken queue when it is deleted during its declaration.
          for (const { service: consumer } of topology.consumers)
            await until(() => isHeard(topology.queueOf(consumer), connection));
          await (await openChannel(connection)).deleteQueue(queue);
        }),
    });
    const misfortunes = topology.consumers.flatMap(({ service: consumer }) =>
      Array.from({ length: timesEach }, () => strike(topology.queueOf(consumer))),
    );
    const sale = { over: false };
    const losses = unleash(misfortunes, {
      random: randomFrom(11),
      longestPauseMs: 500,
      tell: () => undefined,
    }).finally(() => (sale.over = true));
    await Promise.all(
      Array.from({ length: buyers }, async () => {
        while (!sale.over) await busy.visit();
      }),
    );
    await losses;
    await settled();
    await busy.refundsSettled();
    await settled();
    process.stdout.write(
      `${misfortunes.length} queues deleted during ${busy.history.orders.length} orders\n`,
    );
    expect(await broken({ settled: true })).toEqual([]);
  }, 600_000);

  test("when the exchange is deleted too, nothing is missing", async () => {
    await onChannel(async (channel) => {
      await channel.deleteExchange(topology.exchange);
      for (const { service: consumer } of topology.consumers) {
        await channel.deleteQueue(topology.queueOf(consumer));
        await channel.deleteQueue(topology.deadQueueOf(consumer));
        await channel.deleteQueue(topology.retryQueueOf(consumer, 1));
      }
    });
    await Promise.all(Array.from({ length: 3 }, () => busy.visit()));
    await settled();
    await busy.refundsSettled();
    await settled();
    expect(await broken({ settled: true })).toEqual([]);
  }, 600_000);

  test("when a queue is purged, verification names the missing events, and the command resends them", async () => {
    const { durableEvents } = service("catalog");
    await eventTransport(shop.broker).unsubscribe("catalog");
    const buyer = await busy.newCustomer();
    const order = await busy.place(buyer, await busy.fillCart(buyer, [[busy.variants[0] ?? "", 1]]));
    await busy.pay(order?.id ?? "");
    const waiting = () =>
      onChannel((channel) =>
        channel.checkQueue(topology.queueOf("catalog")).then(({ messageCount }) => messageCount),
      );
    await until(async () => (await waiting()) >= 2);
    await onChannel((channel) => channel.purgeQueue(topology.queueOf("catalog")));
    await eventTransport(shop.broker).subscribe(durableEvents.subscription);

    const found = await broken();
    const lacks = found.find(({ code }) => code === "events.taken-in");
    expect(lacks?.rows).toEqual([
      { eventId: expect.any(String), event: "orders.placed", lacks: "catalog" },
      { eventId: expect.any(String), event: "orders.paid", lacks: "catalog" },
    ]);
    expect(found.map(({ code }) => code)).toContain("orders.reservations");

    const context: CommandContext = { broker: shop.broker, call: (name, params) => shop.call(name, params) };
    expect(await resendEvents.run(context, ["catalog", "1"])).toMatch(
      /^resending [1-9]\d* events of orders$/m,
    );
    await settled();
    expect(await broken({ settled: true })).toEqual([]);
  }, 240_000);

  test("sent events are kept for the configured retention, then removed", async () => {
    const { database } = service("orders");
    const kept = async () =>
      (await database.select<{ n: number }>("SELECT COUNT(*) AS n FROM outbox WHERE status = 'sent'"))[0]
        ?.n ?? 0;
    const before = await kept();
    expect(before).toBeGreaterThan(2);
    await runJob(shop, "orders", purgeSentEvents(service("orders")));
    expect(await kept()).toBe(before);
    await runJob(shop, "orders", purgeSentEvents(service("orders")), Date.now() + 25 * 3_600_000);
    expect(await kept()).toBe(0);
  });
});
