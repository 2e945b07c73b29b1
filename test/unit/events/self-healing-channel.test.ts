import { afterEach, beforeEach, expect, test } from "@jest/globals";
import amqp from "amqp-connection-manager";
import { selfHealingChannel } from "../../../mixins/amqp/self-healing-channel.ts";
import { closingRabbitmq } from "../../support/closing-rabbitmq.ts";

let server: Awaited<ReturnType<typeof closingRabbitmq>>;
let connection: ReturnType<typeof amqp.connect>;
beforeEach(async () => {
  server = await closingRabbitmq(2);
  connection = amqp.connect([server.url], { reconnectTimeInSeconds: 0.01 });
});
afterEach(async () => {
  await connection.close();
  await server.close();
});

test("a channel is set up although connections were closed by RabbitMQ as soon as they were open", async () => {
  const setUp = Promise.withResolvers<void>();
  selfHealingChannel(connection, "publishing events", { warn: () => undefined }, async () => setUp.resolve());
  await setUp.promise;
  expect(server.connections()).toBe(3);
});
