import { z } from "zod";
import { minAuditRetentionDays } from "../../config/env.ts";
import { action, allEvents, defineContract, event } from "../../mixins/contract/contract.ts";
import { timestamp } from "../../mixins/contract/fields.ts";
import { id } from "../../mixins/contract/ids.ts";
import { page, pageParams } from "../../mixins/contract/paging.ts";
import { securityReport } from "../../mixins/contract/security-events.ts";
import { task, taskActions, taskCancelled, taskQueued } from "../../mixins/contract/tasks.ts";

const entity = z
  .string()
  .regex(/^[a-z]+(?:-[a-z]+)*$/)
  .max(60);

const auditEvent = z
  .strictObject({
    id,
    type: z.string().describe("The event's name, e.g. `users.logged-in`"),
    actor: z.strictObject({
      kind: z.enum(["user", "key", "guest", "system", "operator"]),
      id: z.string().nullable(),
    }),
    entity: entity.describe("Type of the subject, e.g. `order`, `user`, `api-key`"),
    entityId: z.string().nullable(),
    details: z
      .record(z.string(), z.unknown())
      .describe("The event's payload; changes include the state before and after"),
    requestId: z.string(),
    occurredAt: timestamp,
    recordedAt: timestamp,
  })
  .meta({ id: "AuditEvent" });

const filter = {
  type: z.string().max(60).optional(),
  actorId: z.string().max(60).optional(),
  entity: entity.optional(),
  entityId: z.string().max(60).optional(),
  from: timestamp.optional(),
  before: timestamp.optional(),
};

const chainHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("SHA-256 in hexadecimal");

const fault = z
  .strictObject({
    kind: z.enum(["edited", "removed", "inserted", "truncated", "unsealed"]),
    position: z.int().describe("Position in the chain, from 0"),
    entryId: id.nullable().describe("The entry at that position, if there is one"),
  })
  .describe(
    "The first fault. `edited`: an entry differs from its recorded state. `removed`, `inserted`: an entry is missing, or was added later. `truncated`: the last entries are missing. `unsealed`: the shop did not seal this end of the chain.",
  );

const checkpoint = z
  .strictObject({
    position: z.int(),
    hash: chainHash,
    newest: timestamp.describe("Time of the latest event among the removed entries"),
  })
  .describe("The last entry removed because of its age; all earlier ones were removed too");

export const audit = defineContract({
  name: "audit",
  summary: "Who did what, and when",
  consumes: [allEvents],
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
        "Entries form a hash chain: each hash covers its entry and the previous hash. The trail is intact when each of its segments is; start with segment 0 and continue with `nextSegment`. `checkpoint` vouches for entries removed because of their age; the remaining ones are chained to it.",
      access: { permission: "audit:read" },
      route: { method: "GET", path: "/audit-events/verification", limit: "expensive" },
      params: z.strictObject({ segment: z.int().min(0).max(1_000_000_000).default(0) }),
      result: z.strictObject({
        segment: z.int(),
        segments: z.int().describe("Number of segments in the trail"),
        entries: z.int().describe("Number of verified entries in this segment"),
        intact: z.boolean(),
        fault: fault.nullable(),
        head: z
          .strictObject({ position: z.int(), hash: chainHash })
          .nullable()
          .describe("The last entry of the trail"),
        checkpoint: checkpoint.nullable(),
        nextSegment: z.int().nullable(),
      }),
      errors: ["not-found"],
      idempotent: true,
      fairQueue: { concurrency: 1, maxWaiting: 4 },
    }),
    "entries.remove-old": action({
      summary: "Remove old entries, at most some thousands",
      description:
        "Removes from the start of the trail, after verifying the entries to remove. A sealed checkpoint replaces them. The default of `olderThanDays` is AUDIT_RETENTION_DAYS.",
      access: "internal",
      params: z.strictObject({ olderThanDays: z.int().min(minAuditRetentionDays).max(36_500).optional() }),
      result: z.strictObject({
        entries: z.int(),
        more: z.boolean().describe("More old entries remain; call it again"),
      }),
      errors: [],
      idempotent: true,
      timeout: 60_000,
    }),
    "security-events.report": action({
      summary: "Record how many attack-like requests a gateway rejected",
      description:
        "Gateways report each kind at most once in a quarter of an hour, so rejected requests cannot flood the trail.",
      access: "internal",
      params: securityReport,
      result: z.null(),
      errors: [],
      idempotent: false,
    }),
    "exports.start": action({
      summary: "Export the audit trail to a file",
      description:
        "Exports the entries that match the filter now, in recorded order. Download the file at `/audit-events/exports/{id}/result` after the task has succeeded. CSV begins with a byte order mark; in it, cells that a spreadsheet would read as a formula are prefixed with an apostrophe.",
      access: { permission: "audit:read" },
      route: {
        method: "POST",
        path: "/audit-events/exports",
        limit: "expensive",
        status: 202,
        location: "/audit-events/exports/{task.id}",
      },
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
    "attacks-refused": event({
      summary:
        "A gateway rejected attack-like requests: their number by kind in an interval, and the first of them",
      about: { entity: "gateway", id: "nodeId" },
      payload: securityReport,
      internal: true,
    }),
    "entries-removed": event({
      summary: "Old entries at the start of the trail are being removed; a checkpoint replaces them",
      about: { entity: "audit-trail", id: "upTo" },
      payload: z.strictObject({
        from: z.int(),
        upTo: z.int().describe("Position of the last one"),
        hash: chainHash,
        oldest: timestamp.describe("Time of the earliest event"),
        newest: timestamp,
      }),
    }),
  },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    audit: typeof audit;
  }
}
