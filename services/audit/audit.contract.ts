import { z } from "zod";
import { leastAuditRetentionDays } from "../../config/env.ts";
import { catalog } from "../catalog/catalog.contract.ts";
import { action, defineContract, event, eventsOf } from "../contract/contract.ts";
import { timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { page, pageParams } from "../contract/paging.ts";
import { task, taskActions, taskCancelled, taskQueued } from "../contract/tasks.ts";
import { orders } from "../orders/orders.contract.ts";
import { users } from "../users/users.contract.ts";

export const auditEntities = [
  "user",
  "role",
  "api-key",
  "signing-key",
  "mail",
  "category",
  "product",
  "variant",
  "order",
  "coupon",
  "task",
  "audit-trail",
] as const;

export type AuditEntity = (typeof auditEntities)[number];

const auditEvent = z
  .strictObject({
    id,
    type: z.string().describe("The event's name, e.g. `users.logged-in`"),
    actor: z.strictObject({ kind: z.enum(["user", "key", "guest", "system", "operator"]), id: z.string().nullable() }),
    entity: z.enum(auditEntities).describe("What kind of thing it happened to"),
    entityId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()).describe("The event itself: for changes, what was before and after"),
    requestId: z.string(),
    occurredAt: timestamp,
    recordedAt: timestamp,
  })
  .meta({ id: "AuditEvent" });

const filter = {
  type: z.string().max(60).optional(),
  actorId: z.string().max(60).optional(),
  entity: z.enum(auditEntities).optional(),
  entityId: z.string().max(60).optional(),
  from: timestamp.optional(),
  before: timestamp.optional(),
};

const chainHash = z.string().regex(/^[0-9a-f]{64}$/).describe("SHA-256 in hexadecimal");

const fault = z
  .strictObject({
    kind: z.enum(["edited", "removed", "inserted", "truncated", "unsealed"]),
    position: z.int().describe("Where in the chain, from 0"),
    entryId: id.nullable().describe("The entry that stands there, if one does"),
  })
  .describe(
    "The first thing that is wrong. `edited`: an entry does not say what it said when it was recorded. `removed`, `inserted`: one lacks, or was put there later. `truncated`: the last entries lack. `unsealed`: the shop never saw the chain end so.",
  );

const checkpoint = z
  .strictObject({
    position: z.int(),
    hash: chainHash,
    newest: timestamp.describe("When the last of what the removed entries told of happened"),
  })
  .describe("The last entry that was removed because of its age; all before it were");

export const audit = defineContract({
  name: "audit",
  summary: "Who did what, and when",
  consumes: [...eventsOf(users), ...eventsOf(catalog), ...eventsOf(orders), "audit.task-queued", "audit.task-cancelled", "audit.entries-removed"],
  actions: {
    list: action({
      summary: "Search the audit trail",
      access: { permission: "audit:read" },
      route: { method: "GET", path: "/audit-events" },
      params: z.strictObject({
        ...pageParams(["occurredAt"], "-occurredAt"),
        ...filter,
      }),
      result: page(auditEvent),
      errors: [],
      idempotent: true,
      reads: "replica",
    }),
    get: action({
      summary: "One entry of the audit trail",
      access: { permission: "audit:read" },
      route: { method: "GET", path: "/audit-events/{id}" },
      params: z.strictObject({ id }),
      result: auditEvent,
      errors: ["not-found"],
      idempotent: true,
      reads: "replica",
    }),
    verify: action({
      summary: "Verify a segment of the audit trail",
      description:
        "Entries are chained: each one's hash covers what it says and the hash of the one before. The trail is in order when each of its segments is; begin with segment 0 and go on with `nextSegment`. Entries that were removed because of their age are vouched for by `checkpoint`, to which what is left is chained.",
      access: { permission: "audit:read" },
      route: { method: "GET", path: "/audit-events/verification", limit: "expensive" },
      params: z.strictObject({ segment: z.int().min(0).max(1_000_000_000).default(0) }),
      result: z.strictObject({
        segment: z.int(),
        segments: z.int().describe("How many the trail has"),
        entries: z.int().describe("How many entries of this segment were verified"),
        intact: z.boolean(),
        fault: fault.nullable(),
        head: z.strictObject({ position: z.int(), hash: chainHash }).nullable().describe("The last entry of the trail"),
        checkpoint: checkpoint.nullable(),
        nextSegment: z.int().nullable(),
      }),
      errors: ["not-found"],
      idempotent: true,
      bulkhead: { concurrency: 1, queue: 4 },
    }),
    "entries.remove-old": action({
      summary: "Remove entries that are old, some thousands at most",
      description:
        "From the beginning of the trail, once what is to go has been verified. A sealed checkpoint takes its place. Without `olderThanDays` it goes by AUDIT_RETENTION_DAYS.",
      access: "internal",
      params: z.strictObject({ olderThanDays: z.int().min(leastAuditRetentionDays).max(36_500).optional() }),
      result: z.strictObject({ entries: z.int(), more: z.boolean().describe("Call it again") }),
      errors: [],
      idempotent: true,
      timeout: 60_000,
    }),
    "exports.start": action({
      summary: "Export the audit trail to a file",
      description:
        "What the filter lets through of what is there now, in the order in which it was recorded. The file can be downloaded at `/audit-events/exports/{id}/result` when the task has succeeded. In CSV, cells that a spreadsheet would take for a formula begin with an apostrophe.",
      access: { permission: "audit:read" },
      route: { method: "POST", path: "/audit-events/exports", limit: "expensive", status: 202, location: "/audit-events/exports/{task.id}" },
      params: z.strictObject({ ...filter, format: z.enum(["csv", "ndjson"]).default("ndjson") }),
      result: z.strictObject({ task }),
      errors: [],
      idempotent: false,
    }),
    ...taskActions("/audit-events/exports", "audit:read"),
  },
  events: {
    "task-queued": taskQueued,
    "task-cancelled": taskCancelled,
    "entries-removed": event({
      summary: "Old entries at the beginning of the trail are being removed; a checkpoint stands for them",
      payload: z.strictObject({
        from: z.int(),
        upTo: z.int().describe("Position of the last one"),
        hash: chainHash,
        oldest: timestamp.describe("When the first of what they told of happened"),
        newest: timestamp,
      }),
    }),
  },
});
