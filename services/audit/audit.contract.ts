import { z } from "zod";
import { catalog } from "../catalog/catalog.contract.ts";
import { action, defineContract, eventsOf } from "../contract/contract.ts";
import { timestamp } from "../contract/fields.ts";
import { id } from "../contract/ids.ts";
import { page, pageParams } from "../contract/paging.ts";
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

export const audit = defineContract({
  name: "audit",
  summary: "Who did what, and when",
  consumes: [...eventsOf(users), ...eventsOf(catalog), ...eventsOf(orders)],
  actions: {
    list: action({
      summary: "Search the audit trail",
      access: { permission: "audit:read" },
      route: { method: "GET", path: "/audit-events" },
      params: z.strictObject({
        ...pageParams(["occurredAt"], "-occurredAt"),
        type: z.string().max(60).optional(),
        actorId: z.string().max(60).optional(),
        entity: z.enum(auditEntities).optional(),
        entityId: z.string().max(60).optional(),
        from: timestamp.optional(),
        before: timestamp.optional(),
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
  },
  events: {},
});
