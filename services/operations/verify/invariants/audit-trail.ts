import type { Database } from "../../../../mixins/database/database.ts";
import type { Scope } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import { idTime } from "../../../../mixins/contract/ids.ts";
import type { InvariantOfShop, CrossServiceInvariant } from "../across-services.ts";

interface Step {
  readonly orderId: string;
  readonly event: string;
  readonly times: number;
}

interface TakenStep extends Step {
  /** Number of those too young to have been removed from the trail. */
  readonly young: number;
}

/**
 * Payment and parcel-label events are no steps of the timeline. A refund by staff is audited when it becomes
 * due.
 */
const notSteps = new Set([
  "guest-placed",
  "payment-started",
  "payment-failed",
  "payment-mismatched",
  "payment-authentication-required",
  "refund-requested",
  "refunded",
  "refund-failed",
  "shipment-changed",
]);

/** Counts that orders and their audit entries must agree on. */
export const betweenOrdersAndTrail = {
  of: ["orders", "audit"],
  about: "order",
  subjects: [
    { service: "orders", table: "orders", key: "id" },
    { service: "audit", table: "audit_events", key: "entity_id", where: "entity = 'order'" },
  ],
} as const satisfies Partial<CrossServiceInvariant>;

export const ordersAreAudited: CrossServiceInvariant = {
  code: "audit.orders",
  says: "The audit trail has one entry for each step of an order's timeline, and none of steps that were not taken",
  ...betweenOrdersAndTrail,
  async disagreements({ orders, audit }, scope) {
    const inAudit = scopeCondition("entity_id", scope);
    const recorded = await audit.select<Step>(
      `SELECT entity_id AS orderId, SUBSTR(type, 8) AS event, COUNT(*) AS times FROM audit_events
       WHERE entity = 'order' AND type LIKE 'orders.%' AND ${inAudit.sql} GROUP BY entity_id, type`,
      inAudit.values,
    );
    const inOrders = scopeCondition("order_id", scope);
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
        row: {
          orderId,
          event: `orders.${event}`,
          timeline: inTimeline.get(name)?.times ?? 0,
          audit: inTrail.get(name) ?? 0,
        },
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
  /** Number of those too young to have been removed from the trail. */
  readonly youngRequested: number;
  readonly youngGiven: number;
}

export const refundsAreAudited: CrossServiceInvariant = {
  code: "audit.refunds",
  says: "Every refund is in the audit trail when it becomes due and when it is given, and no others are",
  ...betweenOrdersAndTrail,
  async disagreements({ orders, audit }, scope) {
    const inAudit = scopeCondition("entity_id", scope);
    const recorded = await audit.select<MoneyBack>(
      `SELECT entity_id AS orderId, CAST(SUM(type = 'orders.refund-requested') AS SIGNED) AS requested,
         CAST(SUM(type = 'orders.refunded') AS SIGNED) AS given
       FROM audit_events WHERE entity = 'order' AND ${inAudit.sql} GROUP BY entity_id`,
      inAudit.values,
    );
    const inOrders = scopeCondition("order_id", scope);
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
      .filter(
        ({ audit, refunds }) =>
          isShort(audit, refunds) || (refunds.requested === 0 && audit.requested + audit.given > 0),
      )
      .map(({ orderId, audit, refunds }) => ({
        key: orderId,
        row: {
          orderId,
          due: refunds.requested,
          auditedDue: audit.requested,
          given: refunds.given,
          auditedGiven: audit.given,
        },
      }));
  },
};

const none = { requested: 0, given: 0, youngRequested: 0, youngGiven: 0 };

/** A refund retried after a failure is recorded several times. */
function isShort(audit: Omit<MoneyBack, "orderId">, refunds: Omit<DueBack, "orderId">): boolean {
  return audit.requested < refunds.youngRequested || audit.given < refunds.youngGiven;
}

interface Taken {
  readonly id: string;
}

export const eventsReachEveryone: InvariantOfShop = ({ contracts }) => {
  /** Without the audit service, which consumes all events. */
  const consumers = contracts.filter(({ name, consumes }) => name !== "audit" && consumes.length > 0);
  return {
    code: "events.reach-everyone",
    says: "Every order event that one service has consumed has been consumed by every subscribed service, as far as their inboxes reach",
    of: ["audit"],
    about: "event",
    subjects: [
      { service: "audit", table: "audit_events", key: "id" },
      { service: "audit", table: "inbox", key: "event_id" },
      ...consumers.map(({ name }) => ({ service: name, table: "inbox", key: "event_id" })),
    ],
    async disagreements(databases, scope, { inboxRetainedSince }) {
      const inTrail = scopeCondition("id", scope);
      const entries = await databases.audit.select<Taken & { type: string; occurredAt: number }>(
        `SELECT id, type, occurred_at AS occurredAt FROM audit_events WHERE ${inTrail.sql}`,
        inTrail.values,
      );
      const trail = new Set(entries.map(({ id }) => id));
      const recorded = entries.filter(({ occurredAt }) => occurredAt >= inboxRetainedSince);
      const removedBefore = await removedUntil(databases.audit);
      const noted = await inboxOf(databases.audit, scope);
      const found = recorded
        .filter(({ id }) => !noted.has(id))
        .map(({ id, type }) => ({ eventId: id, event: type, lacks: "the audit trail's inbox" }));
      for (const { name, consumes } of consumers) {
        const taken = await inboxOf(databases[name] as Database, scope);
        for (const eventId of taken)
          if (!trail.has(eventId) && idTime(eventId) > removedBefore)
            found.push({ eventId, event: `consumed by ${name}`, lacks: "the audit trail" });
        for (const { id, type } of recorded)
          if (type.startsWith("orders.") && consumes.includes(type) && !taken.has(id))
            found.push({ eventId: id, event: type, lacks: name });
      }
      return found.map((row) => ({ key: row.eventId, row }));
    },
  };
};

async function inboxOf(database: Database, scope: Scope): Promise<Set<string>> {
  const { sql, values } = scopeCondition("event_id", scope);
  const rows = await database.select<Taken>(`SELECT event_id AS id FROM inbox WHERE ${sql}`, values);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Entries up to this time may have been removed by age; later ones may not.
 *
 * @returns milliseconds since the Unix epoch; -1 when none was removed
 */
export async function removedUntil(audit: Database): Promise<number> {
  const [row] = await audit.select<{ newest: number | null }>(
    "SELECT MAX(newest) AS newest FROM audit_checkpoints",
  );
  return row?.newest ?? -1;
}
