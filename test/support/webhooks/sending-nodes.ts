import moleculer from "moleculer";
import { newId } from "../../../mixins/contract/ids.ts";
import { Database } from "../../../mixins/database/database.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { SecretBox } from "../../../mixins/support/secret-box.ts";
import { DeliveryQueue } from "../../../services/webhooks/data/delivery-queue.ts";
import { DeliveryRepository } from "../../../services/webhooks/data/delivery-repository.ts";
import type { Endpoint } from "../../../services/webhooks/data/endpoint-repository.ts";
import { EndpointRepository } from "../../../services/webhooks/data/endpoint-repository.ts";
import { migrations } from "../../../services/webhooks/data/migrations/index.ts";
import { newSigningSecret } from "../../../services/webhooks/domain/signature.ts";
import type { SenderParts } from "../../../services/webhooks/sending/delivery-sender.ts";
import { DeliverySender } from "../../../services/webhooks/sending/delivery-sender.ts";
import { rulesOf } from "../../../services/webhooks/sending/post-event.ts";

export const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const log = new moleculer.ServiceBroker({ logger: false }).logger;

/** A node that sends, and can be killed: nothing that it does afterwards has an effect. */
export interface SendingNode {
  readonly sender: DeliverySender;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** The webhooks' database, with any number of nodes that send what is in it. */
export class WebhookWorld {
  readonly database: Database;
  readonly endpoints: EndpointRepository;
  readonly deliveries: DeliveryRepository;

  private constructor(database: Database) {
    this.database = database;
    this.endpoints = new EndpointRepository(database, new SecretBox([{ id: "test", key: "k".repeat(32) }]));
    this.deliveries = new DeliveryRepository(database);
  }

  /** @param database where the tables are; one in memory with new ones when absent */
  static async open(database?: Database): Promise<WebhookWorld> {
    const used = database ?? new Database(openSqlite(":memory:"));
    if (!database) for (const migration of migrations) await migration.up(used.sequelize.getQueryInterface());
    return new WebhookWorld(used);
  }

  async addEndpoint(url: string, changes: Partial<Endpoint> = {}): Promise<Endpoint> {
    const now = Date.now();
    const endpoint: Endpoint = {
      id: newId(),
      url,
      description: "",
      events: ["*"],
      enabled: true,
      ordered: false,
      disabledReason: null,
      failingSince: null,
      secret: newSigningSecret(),
      previousSecret: null,
      previousUntil: null,
      version: 1,
      createdAt: now,
      updatedAt: now,
      ...changes,
    };
    await this.database.transaction(origin, (tx) => this.endpoints.insert(endpoint, tx));
    return endpoint;
  }

  /** Queues events for endpoints, as the consumer does. @returns the events' ids, in order */
  async addEvents(number: number, endpoints: readonly Endpoint[]): Promise<string[]> {
    const now = Date.now();
    const events = Array.from({ length: number }, (_, index) => ({
      id: newId(),
      type: "test.happened",
      occurredAt: now,
      body: JSON.stringify({
        type: "test.happened",
        timestamp: new Date(now).toISOString(),
        data: { index },
      }),
    }));
    await this.database.transaction(origin, async (tx) => {
      await this.deliveries.addEvents(events, now, tx);
      for (const { id: endpointId, ordered } of endpoints) {
        const after = ordered ? await this.endpoints.takePositions(endpointId, number, tx) : -1;
        const deliveries = events.map(({ id: eventId, type }, index) => ({
          endpointId,
          eventId,
          type,
          position: ordered ? after + 1 + index : 0,
        }));
        await this.deliveries.add(deliveries, now, tx);
      }
    });
    return events.map(({ id }) => id);
  }

  /** Starts a node that looks for due deliveries every few milliseconds. */
  startNode(parts: Partial<SenderParts> = {}, everyMs = 20): SendingNode {
    const state = { killed: false };
    const database = killable(this.database, state);
    const endpoints = this.endpoints;
    const queue = new DeliveryQueue(database);
    const sender = new DeliverySender({ database, endpoints, queue, log, rules: rulesOf("any"), ...parts });
    const timer = setInterval(() => void sender.sendDue().catch(() => undefined), everyMs);
    const stop = async (graceMs?: number) => {
      clearInterval(timer);
      await sender.stop(graceMs);
    };
    return {
      sender,
      stop,
      kill() {
        state.killed = true;
        return stop(0);
      },
    };
  }

  async count(status: string, endpointId?: string): Promise<number> {
    const [row] = await this.database.select<{ n: number }>(
      `SELECT COUNT(*) AS n FROM deliveries WHERE status = ?${endpointId === undefined ? "" : " AND endpoint_id = ?"}`,
      endpointId === undefined ? [status] : [status, endpointId],
    );
    return row?.n ?? 0;
  }
}

/** The database as a process sees it that can be killed: its transactions fail from then on. */
function killable(database: Database, state: { readonly killed: boolean }): Database {
  const fail = () => Promise.reject(new Error("this node was killed"));
  const transaction: Database["transaction"] = (from, work) =>
    state.killed
      ? fail()
      : database.transaction(from, async (tx) => {
          const result = await work(tx);
          return state.killed ? fail() : result;
        });
  return new Proxy(database, {
    get(target, name) {
      if (name === "transaction") return transaction;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value as () => unknown).bind(target) : value;
    },
  });
}
