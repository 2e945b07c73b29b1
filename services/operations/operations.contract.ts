import { z } from "zod";
import { action, defineContract } from "../../mixins/contract/contract.ts";
import { timestamp } from "../../mixins/contract/fields.ts";
import { id } from "../../mixins/contract/ids.ts";

const deadLetter = z.strictObject({
  eventId: id.describe(
    "Id for replay and removal; for a message that is no event, the id of its dead letter",
  ),
  event: z.string().describe("Its name, e.g. `orders.placed`; `unreadable` for a message that is no event"),
  consumer: z.string().nullable().describe("The service that failed to consume it; null when unknown"),
  attempts: z.int(),
  error: z.string().describe("The last error"),
  occurredAt: timestamp,
  requestId: z.string(),
  payload: z
    .record(z.string(), z.unknown())
    .describe("Of a large payload, and of a message that is no event, the beginning as text: `content`"),
});

const replica = z.strictObject({
  service: z.string(),
  replica: z.string().describe("host:port"),
  good: z.boolean().describe("True when reads use it"),
  lagMs: z.number().nullable().describe("null when it does not respond, or its lag is unknown"),
  reads: z.int().describe("Number of reads that this node has sent to it"),
});

/**
 * Operator actions that run on every node. Pass `nodeID` for data of one node; any node can serve shop-wide
 * data such as dead letters.
 */
export const operations = defineContract({
  name: "operations",
  summary: "Inspect and operate nodes",
  consumes: [],
  actions: {
    node: action({
      summary: "State of this node",
      access: "internal",
      params: z.strictObject({}),
      result: z.strictObject({
        nodeId: z.string(),
        services: z.array(z.string()).describe("Services of the shop"),
        pid: z.int(),
        startedAt: timestamp,
        cpuSeconds: z.number().describe("CPU time since its start"),
        memoryBytes: z.int().describe("Resident"),
        requests: z
          .int()
          .describe("Actions of the shop started since its start; for a gateway, HTTP requests"),
      }),
      errors: [],
      idempotent: true,
    }),
    replicas: action({
      summary: "The replicas that this node's services read from, as this node sees them",
      access: "internal",
      params: z.strictObject({}),
      result: z.strictObject({ nodeId: z.string(), replicas: z.array(replica) }),
      errors: [],
      idempotent: true,
    }),
    cache: action({
      summary: "Action-cache statistics of this node since its start",
      access: "internal",
      params: z.strictObject({}),
      result: z.strictObject({
        nodeId: z.string(),
        own: z.int().describe("Hits in local memory"),
        shared: z.int().describe("Hits in the shared store"),
        loaded: z.int().describe("The database"),
        renewed: z.int().describe("Of these, early revalidations, for which no caller waited"),
      }),
      errors: [],
      idempotent: true,
    }),
    "dead-letters.list": action({
      summary: "Dead letters: events whose delivery failed after all retries",
      access: "internal",
      params: z.strictObject({ limit: z.int().min(1).max(100).default(20) }),
      result: z.strictObject({ items: z.array(deadLetter) }),
      errors: [],
      idempotent: true,
    }),
    "dead-letters.replay": action({
      summary: "Replay one dead letter, or all of them",
      access: "internal",
      params: z.strictObject({ eventId: id.optional() }),
      result: z.strictObject({ revived: z.int().describe("Deliveries to be retried") }),
      errors: [],
      idempotent: true,
    }),
    "dead-letters.remove": action({
      summary: "Remove a dead letter",
      access: "internal",
      params: z.strictObject({ eventId: id }),
      result: z.strictObject({ removed: z.int().describe("Deliveries given up for good") }),
      errors: [],
      idempotent: true,
    }),
    "events.resend": action({
      summary: "Resend events stored by a service on this node to a consumer that may have missed some",
      description: "Events that it has consumed are skipped.",
      access: "internal",
      params: z.strictObject({
        service: z.string().describe("Whose events"),
        consumer: z.string().describe("The service that may have missed some"),
        hours: z
          .number()
          .positive()
          .optional()
          .describe("Of the last so many hours; all stored ones when absent"),
      }),
      result: z.strictObject({ resent: z.int() }),
      errors: ["not-found"],
      idempotent: true,
    }),
  },
  events: {},
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    operations: typeof operations;
  }
}
