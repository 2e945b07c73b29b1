import { expect, test } from "@jest/globals";
import amqplib from "amqplib";
import moleculer from "moleculer";
import { ShopAmqpTransporter } from "../../../mixins/transport/shop-amqp-transporter.ts";

/** Its types lack it. */
const { IllegalOperationError } = amqplib as unknown as { IllegalOperationError: new (message: string) => Error };

/** As amqplib leaves a channel until RabbitMQ has confirmed that its connection is closed. */
function closingChannel() {
  const refuse = () => {
    throw new IllegalOperationError("Connection closing");
  };
  return { publish: refuse, sendToQueue: refuse };
}

test.each(["REQ", "EVENT", "HEARTBEAT"])("a %s that falls into the closing of a connection is not sent, which its sender is told", async (type) => {
  const transporter = new ShopAmqpTransporter({ url: "amqp://127.0.0.1" });
  const broker = new moleculer.ServiceBroker({ logger: false, transporter });
  Object.assign(transporter, { connected: true, channel: closingChannel() });
  const target = type === "HEARTBEAT" ? null : "node-2";
  const { transit } = broker as unknown as { transit: { publish(packet: object): Promise<void> } };
  // Nobody would catch what is thrown at once, by a timer's work for example.
  const sent = transit.publish({ type, target, payload: { id: "1" } });
  await expect(sent).rejects.toMatchObject({ type: "BAD_GATEWAY", retryable: true });
});
