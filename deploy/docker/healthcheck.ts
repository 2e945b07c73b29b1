import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConsumeMessage } from "amqplib";
import { connect } from "amqplib";
import type { Config } from "../../config/index.ts";
import { ConfigError, loadConfig } from "../../config/index.ts";

/**
 * `node deploy/docker/healthcheck.ts`, run in a node's container: exits with 0 when the node is healthy,
 * otherwise with 1 and the reason.
 * A gateway is checked by its readiness endpoint. Other nodes are asked for their services through RabbitMQ,
 * as callers would: a response proves connection, event loop and started services.
 */

const answerWithinMs = 4000;

/** Version of Moleculer's protocol. */
export const protocolVersion = "5";

interface Answer {
  readonly id: string;
  readonly success: boolean;
  readonly data: readonly { readonly name: string }[];
  readonly error?: { readonly message: string };
}

async function check(config: Config): Promise<void> {
  if (config.services.includes("api")) return gatewayIsReady(config);
  if (config.amqpUrl === undefined)
    throw new ConfigError("a node without a gateway and without RabbitMQ cannot be checked");
  const offered = await servicesOf(nodeIdOf(config), config.namespace, config.amqpUrl);
  const missing = config.services.filter((name) => !offered.includes(name));
  if (missing.length > 0) throw new Error(`not started: ${missing.join(", ")}`);
}

/** @throws Error naming failed checks, or that the gateway is unreachable */
export async function gatewayIsReady({
  http: { host, port },
}: {
  readonly http: Pick<Config["http"], "host" | "port">;
}): Promise<void> {
  const address = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const origin = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
  const response = await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(answerWithinMs) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
}

/** The id that the node generated as process 1 of this container. */
export function nodeIdOf({ nodeId }: Pick<Config, "nodeId">): string {
  const own = `.${process.pid}`;
  return nodeId.endsWith(own) ? `${nodeId.slice(0, -own.length)}.1` : nodeId;
}

/**
 * Queries a node through its own queue.
 *
 * @returns its started services
 * @throws Error when it is not connected, or does not respond in time
 */
export async function servicesOf(nodeId: string, namespace: string, amqpUrl: string): Promise<string[]> {
  const connection = await connect(amqpUrl, { timeout: answerWithinMs });
  try {
    // A lost connection also rejects pending operations.
    connection.on("error", () => undefined);
    const channel = await connection.createChannel();
    const prefix = namespace === "" ? "MOL" : `MOL-${namespace}`;
    const asker = `health-${randomUUID()}`;
    await channel.assertQueue(`${prefix}.RES.${asker}`, { exclusive: true, durable: false });

    const question = {
      ver: protocolVersion,
      sender: asker,
      id: asker,
      action: "$node.services",
      params: { onlyLocal: true, onlyAvailable: true },
      meta: {},
      level: 1,
    };
    const answered = new Promise<Answer>((resolve, reject) => {
      channel.on("return", () => reject(new Error(`${nodeId} is not connected to RabbitMQ`)));
      channel
        .consume(`${prefix}.RES.${asker}`, (message) => message && resolve(read(message)), { noAck: true })
        .catch(reject);
    });
    const options = { mandatory: true, expiration: answerWithinMs };
    channel.sendToQueue(`${prefix}.REQ.${nodeId}`, Buffer.from(JSON.stringify(question)), options);
    const late = sleep(answerWithinMs, undefined, { ref: false }).then(() => {
      throw new Error(`${nodeId} did not respond within ${answerWithinMs} ms`);
    });
    const { success, data, error } = await Promise.race([answered, late]);
    if (!success) throw new Error(error?.message ?? "the node failed to respond");
    return data.map(({ name }) => name);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

function read(message: ConsumeMessage): Answer {
  return JSON.parse(message.content.toString("utf8")) as Answer;
}

if (import.meta.main)
  try {
    await check(loadConfig());
    process.exit(0);
  } catch (error) {
    process.stderr.write(`unhealthy: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
