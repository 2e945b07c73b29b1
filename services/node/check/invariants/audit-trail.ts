import type { Database } from "../../../../mixins/database/database.ts";
import type { Scope } from "../../../../mixins/database/invariant.ts";
import { within } from "../../../../mixins/database/invariant.ts";
import { idTime } from "../../../contract/ids.ts";
import { allContracts } from "../../../contracts.ts";
import type { SharedInvariant } from "../across-services.ts";

interface Step {
  readonly orderId: string;
  readonly event: string;
  readonly times: number;
}

interface TakenStep extends Step {
  /** How many of them are too young to have been removed from the trail because of their age. */
  readonly young: number;
}

/** News of an order's money and of its parcels' labels are no steps of its own; that staff give money back is audited as what becomes due. */
const notSteps = new Set([
  "payment-started",
  "payment-failed",
  "payment-mismatched",
  "refund-requested",
  "refunded",
  "refund-failed",
  "shipment-changed",
]);

/** What orders and the entries about them have to agree on. */
const betweenOrdersAndTrail = {
  of: ["orders", "audit"],
  about: "order",
  subjects: [
    { service: "orders", table: "orders", key: "id" },
    { service: "audit", table: "audit_events", key: "entity_id", where: "entity = 'order'" },
  ],
} as const satisfies Partial<SharedInvariant>;

export const ordersAreAudited: SharedInvariant = {
  code: "audit.orders",
  says: "The audit trail has one entry for each step of an order's timeline, and none of steps that were not taken",
  ...betweenOrdersAndTrail,
  async disagreements({ orders, audit }, scope) {
    const inAudit = within("entity_id", scope);
    const recorded = await audit.select<Step>(
      `SELECT entity_id AS orderId, SUBSTR(type, 8) AS event, COUNT(*) AS times FROM audit_events
       WHERE entity = 'order' AND type LIKE 'orders.%' AND ${inAudit.sql} GROUP BY entity_id, type`,
      inAudit.values,
    );
    const inOrders = within("order_id", scope);
    const taken = await orders.select<TakenStep>(
      `SELECT order_id AS orderId, event, COUNT(*) AS times, CAST(SUM(happened_at > ?) AS SIGNED) AS young
       FROM timeline WHERE ${inOrders.sql} GROUP BY order_id, event`,
      [await removedUntil(audit), ...inOrders.values],
    );
    const isStep = ({ event }: Step) => !notSteps.has(event);
    const stepOf = ({ orderId, event }: Step) => `${orderId} ${event}`;
    const inTrail = new Map(recorded.filter(isStep).map((step) => [stepOf(step), step.times]));
    const inTimeline = new Map(taken.filter(isStep).map((step) => [stepOf(step), step]));
    const steps = new Map([...recorded, ...taken].filter(isStep).map((step) => [stepOf(step), step]));
    return [...steps]
      .map(([name, { orderId, event }]) => ({
        key: orderId,
        young: inTimeline.get(name)?.young ?? 0,
        row: { orderId, event: `orders.${event}`, timeline: inTimeline.get(name)?.times ?? 0, audit: inTrail.get(name) ?? 0 },
      }))
      .filter(({ young, row }) => row.audit < young || row.audit > row.timeline)
      .map(({ key, row }) => ({ key, row }));
  },
};

interface MoneyBack {
  readonly orderId: string;
  readonly requested: number;
  readonly given: number;
}

interface DueBack extends MoneyBack {
  /** Of these, what is too young to have been removed from the trail because of its age. */
  readonly youngRequested: number;
  readonly youngGiven: number;
}

export const refundsAreAudited: SharedInvariant = {
  code: "audit.refunds",
  says: "Every refund is in the audit trail when it becomes due and when it is given, and no others are",
  ...betweenOrdersAndTrail,
  async disagreements({ orders, audit }, scope) {
    const inAudit = within("entity_id", scope);
    const recorded = await audit.select<MoneyBack>(
      `SELECT entity_id AS orderId, CAST(SUM(type = 'orders.refund-requested') AS SIGNED) AS requested,
         CAST(SUM(type = 'orders.refunded') AS SIGNED) AS given
       FROM audit_events WHERE entity = 'order' AND ${inAudit.sql} GROUP BY entity_id`,
      inAudit.values,
    );
    const inOrders = within("order_id", scope);
    const since = await removedUntil(audit);
    const due = await orders.select<DueBack>(
      `SELECT order_id AS orderId, COUNT(*) AS requested, CAST(SUM(status = 'succeeded') AS SIGNED) AS given,
         CAST(SUM(requested_at > ?) AS SIGNED) AS youngRequested,
         CAST(SUM(status = 'succeeded' AND settled_at > ?) AS SIGNED) AS youngGiven
       FROM refunds WHERE ${inOrders.sql} GROUP BY order_id`,
      [since, since, ...inOrders.values],
    );
    const trail = new Map(recorded.map((row) => [row.orderId, row]));
    const rows = new Map(due.map((row) => [row.orderId, row]));
    return [...new Set([...trail.keys(), ...rows.keys()])]
      .map((orderId) => ({ orderId, audit: trail.get(orderId) ?? none, refunds: rows.get(orderId) ?? none }))
      .filter(({ audit, refunds }) => isShort(audit, refunds) || (refunds.requested === 0 && audit.requested + audit.given > 0))
      .map(({ orderId, audit, refunds }) => ({
        key: orderId,
        row: { orderId, due: refunds.requested, auditedDue: audit.requested, given: refunds.given, auditedGiven: audit.given },
      }));
  },
};

const none = { requested: 0, given: 0, youngRequested: 0, youngGiven: 0 };

/** A refund that was tried anew after it failed is in the trail more than once. */
function isShort(audit: Omit<MoneyBack, "orderId">, refunds: Omit<DueBack, "orderId">): boolean {
  return audit.requested < refunds.youngRequested || audit.given < refunds.youngGiven;
}

interface Taken {
  readonly id: string;
}

/** Each service that consumes events, but for the trail itself, which consumes them all. */
const consumers = allContracts.filter(({ name, consumes }) => name !== "audit" && consumes.length > 0);

export const eventsReachEveryone: SharedInvariant = {
  code: "events.reach-everyone",
  says: "Every event of an order that one service has taken in has been taken in by every service that consumes it, as far as they remember",
  of: ["audit", "catalog", "cart", "orders"],
  about: "event",
  subjects: [
    { service: "audit", table: "audit_events", key: "id" },
    { service: "audit", table: "inbox", key: "event_id" },
    { service: "catalog", table: "inbox", key: "event_id" },
    { service: "cart", table: "inbox", key: "event_id" },
    { service: "orders", table: "inbox", key: "event_id" },
  ],
  async disagreements(databases, scope, { inboxKeptSince }) {
    const inTrail = within("id", scope);
    const entries = await databases.audit.select<Taken & { type: string; occurredAt: number }>(
      `SELECT id, type, occurred_at AS occurredAt FROM audit_events WHERE ${inTrail.sql}`,
      inTrail.values,
    );
    const trail = new Set(entries.map(({ id }) => id));
    const recorded = entries.filter(({ occurredAt }) => occurredAt >= inboxKeptSince);
    const removedBefore = await removedUntil(databases.audit);
    const noted = await inboxOf(databases.audit, scope);
    const found = recorded.filter(({ id }) => !noted.has(id)).map(({ id, type }) => ({ eventId: id, event: type, lacks: "the audit trail's inbox" }));
    for (const { name, consumes } of consumers) {
      const taken = await inboxOf(databases[name as keyof typeof databases], scope);
      for (const eventId of taken)
        if (!trail.has(eventId) && idTime(eventId) > removedBefore) found.push({ eventId, event: `taken in by ${name}`, lacks: "the audit trail" });
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

/**
 * What happened up to then may have been removed from the trail because of its age; what happened later may not.
 *
 * @returns milliseconds since 1970; -1 when nothing was removed
 */
async function removedUntil(audit: Database): Promise<number> {
  const [row] = await audit.select<{ newest: number | null }>("SELECT MAX(newest) AS newest FROM audit_checkpoints");
  return row?.newest ?? -1;
}
