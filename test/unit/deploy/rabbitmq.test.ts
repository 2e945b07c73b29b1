import { expect, test } from "@jest/globals";
import type { ConfirmChannel } from "amqplib";
import { amqpTopology, declareTopology } from "../../../mixins/events/amqp-topology.ts";
import { allContracts } from "../../support/all-contracts.ts";

interface Declared {
  readonly durable: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
}

test("RabbitMQ drops no event by itself: every queue of events is replicated, and where a message may leave it says how", async () => {
  const queues = new Map<string, Declared>();
  const channel = {
    connection: {},
    assertExchange: () => Promise.resolve(),
    bindQueue: () => Promise.resolve(),
    assertQueue: (name: string, options: Declared) => Promise.resolve(queues.set(name, options)),
  };
  await declareTopology(
    channel as unknown as ConfirmChannel,
    amqpTopology(allContracts, "shop", [200, 1000]),
  );

  expect(queues.size).toBeGreaterThan(0);
  for (const [name, { durable, arguments: given }] of queues) {
    expect({ name, durable, type: given["x-queue-type"] }).toEqual({ name, durable: true, type: "quorum" });
    const leaves = { strategy: given["x-dead-letter-strategy"], overflow: given["x-overflow"] };
    // Without an own limit, RabbitMQ's default drops messages that are returned often.
    if (name.endsWith(".dead")) expect(given["x-delivery-limit"]).toBeGreaterThan(1_000_000_000);
    else expect({ name, ...leaves }).toEqual({ name, strategy: "at-least-once", overflow: "reject-publish" });
    // Queues of delayed events have no consumers.
    if (!name.endsWith(".dead") && !name.includes(".waiting."))
      expect(given["x-delivery-limit"]).toBeGreaterThan(0);
  }
});
