import type { Database } from "../../../../mixins/database/database.ts";
import type { Scope } from "../../../../mixins/database/invariant.ts";
import { within } from "../../../../mixins/database/invariant.ts";
import { allContracts } from "../../../contracts.ts";
import type { SharedInvariant } from "../across-services.ts";

interface Step {
  readonly orderId: string;
  readonly event: string;
  readonly times: number;
}

export const ordersAreAudited: SharedInvariant = {
  code: "audit.orders",
  says: "The audit trail has one entry for each step of an order's timeline, and no other entries of orders",
  of: ["orders", "audit"],
  about: "order",
  subjects: [
    { service: "orders", table: "orders", key: "id" },
    { service: "audit", table: "audit_events", key: "entity_id", where: "entity = 'order'" },
  ],
  async disagreements({ orders, audit }, scope) {
    const inAudit = within("entity_id", scope);
    const recorded = await audit.select<Step>(
      `SELECT entity_id AS orderId, SUBSTR(type, 8) AS event, COUNT(*) AS times FROM audit_events
       WHERE entity = 'order' AND type LIKE 'orders.%' AND ${inAudit.sql} GROUP BY entity_id, type`,
      inAudit.values,
    );
    const inOrders = within("order_id", scope);
    const taken = await orders.select<Step>(
      `SELECT order_id AS orderId, event, COUNT(*) AS times FROM timeline WHERE ${inOrders.sql} GROUP BY order_id, event`,
      inOrders.values,
    );
    const stepOf = ({ orderId, event }: Step) => `${orderId} ${event}`;
    const inTrail = new Map(recorded.map((step) => [stepOf(step), step.times]));
    const inTimeline = new Map(taken.map((step) => [stepOf(step), step.times]));
    const steps = new Map([...recorded, ...taken].map((step) => [stepOf(step), step]));
    return [...steps]
      .map(([name, { orderId, event }]) => ({
        key: orderId,
        row: { orderId, event: `orders.${event}`, timeline: inTimeline.get(name) ?? 0, audit: inTrail.get(name) ?? 0 },
      }))
      .filter(({ row }) => row.timeline !== row.audit);
  },
};

interface Taken {
  readonly id: string;
}

/** Each service that consumes events, but for the trail itself, which consumes them all. */
const consumers = allContracts.filter(({ name, consumes }) => name !== "audit" && consumes.length > 0);

export const eventsReachEveryone: SharedInvariant = {
  code: "events.reach-everyone",
  says: "Every event of an order that one service has taken in has been taken in by every service that consumes it",
  of: ["audit", "catalog", "cart"],
  about: "event",
  subjects: [
    { service: "audit", table: "audit_events", key: "id" },
    { service: "audit", table: "inbox", key: "event_id" },
    { service: "catalog", table: "inbox", key: "event_id" },
    { service: "cart", table: "inbox", key: "event_id" },
  ],
  async disagreements(databases, scope) {
    const inTrail = within("id", scope);
    const recorded = await databases.audit.select<Taken & { type: string; entityId: string | null }>(
      `SELECT id, type, entity_id AS entityId FROM audit_events WHERE ${inTrail.sql}`,
      inTrail.values,
    );
    const trail = new Map(recorded.map((entry) => [entry.id, entry]));
    const noted = await inboxOf(databases.audit, scope);
    const found = recorded.filter(({ id }) => !noted.has(id)).map(({ id, type }) => ({ eventId: id, event: type, lacks: "the audit trail's inbox" }));
    for (const { name, consumes } of consumers) {
      const taken = await inboxOf(databases[name as keyof typeof databases], scope);
      for (const eventId of taken)
        if (!trail.has(eventId)) found.push({ eventId, event: `taken in by ${name}`, lacks: "the audit trail" });
      for (const { id, type } of recorded)
        if (type.startsWith("orders.") && consumes.includes(type) && !taken.has(id))
          found.push({ eventId: id, event: type, lacks: name });
    }
    return found.map((row) => ({ key: row.eventId, row }));
  },
};

async function inboxOf(database: Database, scope: Scope): Promise<Set<string>> {
  const { sql, values } = within("event_id", scope);
  const rows = await database.select<Taken>(`SELECT event_id AS id FROM inbox WHERE ${sql}`, values);
  return new Set(rows.map(({ id }) => id));
}
