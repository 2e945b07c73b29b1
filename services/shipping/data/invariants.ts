import type { Invariant } from "../../../mixins/database/invariant.ts";
import { outboxInvariants } from "../../../mixins/events/event-invariants.ts";

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "shipping.zones",
    says: "Every shipping zone has areas, and changed under the lock of its owner",
    subject: { table: "shipping_zones", key: "id" },
    broken: `SELECT z.id AS zoneId, z.merchant_id AS merchantId FROM shipping_zones z
             WHERE {page z.id} AND (NOT JSON_VALID(z.areas) OR z.areas IN ('[]', '{}', 'null')
               OR NOT EXISTS (SELECT o.owner FROM zone_owners o WHERE o.owner = COALESCE(z.merchant_id, 'mall')))`,
  },
  {
    code: "shipping.methods",
    says: "Every shipping method is of a zone of the same merchant, and has terms",
    subject: { table: "shipping_methods", key: "id" },
    broken: `SELECT m.id AS methodId, m.zone_id AS zoneId FROM shipping_methods m
             LEFT JOIN shipping_zones z ON z.id = m.zone_id
             WHERE {page m.id} AND (z.id IS NULL OR COALESCE(z.merchant_id, '-') <> COALESCE(m.merchant_id, '-')
               OR NOT JSON_VALID(m.terms))`,
  },
  ...outboxInvariants,
];
