import { z } from "zod";
import { action, defineContract } from "../contract/contract.ts";
import { timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";

const deadLetter = z.strictObject({
  eventId: id,
  event: z.string().describe("Its name, e.g. `orders.placed`"),
  consumer: z.string().nullable().describe("The service that could not take it in; null where that is not known"),
  attempts: z.int(),
  error: z.string().describe("What went wrong the last time"),
  occurredAt: timestamp,
  requestId: z.string(),
  payload: z.record(z.string(), z.unknown()),
});

const replica = z.strictObject({
  service: z.string(),
  replica: z.string().describe("host:port"),
  good: z.boolean().describe("Whether it is read from"),
  lagMs: z.number().nullable().describe("null when it did not answer, or is further behind than can be told"),
  reads: z.int().describe("How many reads this node has sent to it"),
});

/**
 * Runs on every node besides the shop's own services, for operators: call it on one node (`nodeID`) to learn about that
 * node. What concerns the shop as a whole, such as dead letters, any node answers.
 */
export const operations = defineContract({
  name: "operations",
  summary: "What operators ask nodes, and tell them to do",
  consumes: [],
  actions: {
    node: action({
      summary: "How this node is",
      access: "internal",
      params: z.strictObject({}),
      result: z.strictObject({
        nodeId: z.string(),
        services: z.array(z.string()).describe("Of the shop"),
        pid: z.int(),
        startedAt: timestamp,
        cpuSeconds: z.number().describe("Computing time since its start"),
        memoryBytes: z.int().describe("Resident"),
        requests: z.int().describe("Actions of the shop that it has begun since its start; for a gateway, HTTP requests"),
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
      summary: "Where this node's answers to public questions came from since its start",
      access: "internal",
      params: z.strictObject({}),
      result: z.strictObject({
        nodeId: z.string(),
        own: z.int().describe("Its own memory"),
        shared: z.int().describe("What another node had kept in the shared store"),
        loaded: z.int().describe("The database"),
        renewed: z.int().describe("Of these, answers that nobody waited for, because the kept one still held"),
      }),
      errors: [],
      idempotent: true,
    }),
    "dead-letters.list": action({
      summary: "Events that could not be taken in after all their tries",
      access: "internal",
      params: z.strictObject({ limit: z.int().min(1).max(100).default(20) }),
      result: z.strictObject({ items: z.array(deadLetter) }),
      errors: [],
      idempotent: true,
    }),
    "dead-letters.replay": action({
      summary: "Let one event that was set aside, or all of them, be tried again",
      access: "internal",
      params: z.strictObject({ eventId: id.optional() }),
      result: z.strictObject({ revived: z.int().describe("Deliveries that will be tried again") }),
      errors: [],
      idempotent: true,
    }),
  },
  events: {},
});
