import type { Database } from "../../../../mixins/database/database.ts";
import type { ViolatingRow } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant } from "../across-services.ts";

const dayMs = 86_400_000;

interface Bounds {
  /** What happened earlier may not be counted (ms). */
  readonly countedFrom: number;
  /** Entries and ended sessions of earlier times may have been removed (ms). */
  readonly entriesFrom: number;
  readonly sessionsFrom: number;
}

async function boundsOf(statistics: Database): Promise<Bounds> {
  const [row] = await statistics.select<{ counted: number; entries: string; sessions: string }>(
    "SELECT counted_from AS counted, entries_from AS entries, sessions_from AS sessions FROM progress WHERE id = 1",
  );
  // A day begins within 14 hours of its beginning in UTC.
  const startOf = (day = "") => (day === "" ? 0 : Date.parse(`${day}T00:00:00Z`) + dayMs);
  return {
    countedFrom: row?.counted ?? 0,
    entriesFrom: startOf(row?.entries),
    sessionsFrom: startOf(row?.sessions),
  };
}

type Sums = Readonly<Record<string, number>>;
type OfOrder = { readonly orderId: string };

/** Sums of an order, by what they are of. */
function gather(sums: Map<string, Map<string, number>>, orderId: string, of: string, values: Sums): void {
  const known = sums.get(orderId) ?? new Map<string, number>();
  sums.set(orderId, known);
  for (const [name, value] of Object.entries(values)) {
    const key = `${of} ${name}`;
    known.set(key, (known.get(key) ?? 0) + value);
  }
}

const steps = "'placed', 'paid', 'cancelled', 'expired'";

export const salesAreCounted: CrossServiceInvariant = {
  code: "statistics.orders",
  says: "The ledger of sales has of each order the steps, goods, refunds and returns that the order has",
  of: ["orders", "statistics"],
  about: "order",
  subjects: [
    { service: "orders", table: "orders", key: "id" },
    { service: "statistics", table: "sales_orders", key: "order_id" },
  ],
  async disagreements({ orders, statistics }, scope) {
    const { countedFrom, entriesFrom } = await boundsOf(statistics);
    const placed = scopeCondition("id", scope);
    const rows = await orders.select<{ id: string; number: string; placedAt: number; shipping: number }>(
      `SELECT id, number, placed_at AS placedAt, shipping FROM orders WHERE ${placed.sql}`,
      placed.values,
    );
    const numbers = new Map(rows.map(({ id, number }) => [id, number]));
    const judged = new Set(
      rows.filter(({ placedAt }) => placedAt >= Math.max(countedFrom, entriesFrom)).map(({ id }) => id),
    );
    const has = new Map<string, Map<string, number>>();
    const counted = new Map<string, Map<string, number>>();
    const inOrders = scopeCondition("order_id", scope);
    const taken = await orders.select<OfOrder & { event: string }>(
      `SELECT order_id AS orderId, event FROM timeline WHERE event IN (${steps}) AND ${inOrders.sql}`,
      inOrders.values,
    );
    const goods = await orders.select<
      OfOrder & { productId: string; merchantId: string; units: number; amount: number; discount: number }
    >(
      `SELECT order_id AS orderId, product_id AS productId, COALESCE(merchant_id, '') AS merchantId, quantity AS units, quantity * unit_price AS amount, discount
       FROM order_lines WHERE ${inOrders.sql}`,
      inOrders.values,
    );
    const goodsOf = Map.groupBy(goods, ({ orderId }) => orderId);
    const shippingOf = new Map(rows.map(({ id, shipping }) => [id, shipping]));
    for (const { orderId, event } of taken) {
      gather(has, orderId, event, { steps: 1 });
      for (const { productId, merchantId, units, amount, discount } of goodsOf.get(orderId) ?? [])
        gather(has, orderId, `${event} ${productId} ${merchantId}`, { units, amount, discount });
      gather(has, orderId, event, { shipping: shippingOf.get(orderId) ?? 0 });
    }
    const refunds = await orders.select<OfOrder & { amount: number }>(
      `SELECT order_id AS orderId, amount FROM refunds
       WHERE status = 'succeeded' AND cause <> 'late-payment' AND ${inOrders.sql}`,
      inOrders.values,
    );
    for (const { orderId, amount } of refunds) gather(has, orderId, "refunded", { amount });
    const inReturns = scopeCondition("r.order_id", scope);
    const returns = await orders.select<OfOrder & { amount: number; units: number }>(
      `SELECT r.order_id AS orderId, r.refund AS amount,
         CAST((SELECT SUM(g.quantity) FROM return_lines g WHERE g.return_id = r.id) AS SIGNED) AS units
       FROM returns r WHERE ${inReturns.sql}`,
      inReturns.values,
    );
    for (const { orderId, amount, units } of returns) gather(has, orderId, "returned", { amount, units });

    const entries = await statistics.select<
      OfOrder & { kind: string; refId: string; productId: string; merchantId: string } & Sums
    >(
      `SELECT order_id AS orderId, kind, ref_id AS refId, product_id AS productId, merchant_id AS merchantId, units, amount,
         discount, shipping FROM sales_entries WHERE ${inOrders.sql}`,
      inOrders.values,
    );
    for (const {
      orderId,
      kind,
      productId,
      merchantId,
      units = 0,
      amount = 0,
      discount = 0,
      shipping = 0,
    } of entries) {
      const about =
        kind === "refunded" || kind === "returned" || productId === ""
          ? kind
          : `${kind} ${productId} ${merchantId}`;
      gather(
        counted,
        orderId,
        about,
        merchantId === "*" ? { steps: 1 } : { units, amount, discount, shipping },
      );
    }
    const strangers = [...counted.keys()].filter((id) => !numbers.has(id));
    return [...judged, ...strangers].flatMap((orderId) => {
      const [own = none, ofLedger = none] = [has.get(orderId), counted.get(orderId)];
      const names = new Set([...own.keys(), ...ofLedger.keys()]);
      const differing = [...names].filter((name) => (own.get(name) ?? 0) !== (ofLedger.get(name) ?? 0));
      const [first] = differing;
      if (first === undefined) return [];
      const row: ViolatingRow = {
        number: numbers.get(orderId) ?? null,
        orderId,
        differs: differing.join(", "),
        order: own.get(first) ?? 0,
        ledger: ofLedger.get(first) ?? 0,
      };
      return [{ key: orderId, row }];
    });
  },
};

const none: ReadonlyMap<string, number> = new Map();

interface OwnSession {
  readonly id: string;
  readonly userId: string;
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly endedAt: number | null;
}

export const sessionsAreCounted: CrossServiceInvariant = {
  code: "statistics.sessions",
  says: "Who is online follows from the users' sessions: each is known, and open or ended as it is",
  of: ["users", "statistics"],
  about: "account",
  subjects: [
    { service: "users", table: "sessions", key: "user_id" },
    { service: "statistics", table: "sessions", key: "user_id" },
  ],
  async disagreements({ users, statistics }, scope, { now, graceMs }) {
    const { countedFrom, sessionsFrom } = await boundsOf(statistics);
    const { sql, values } = scopeCondition("user_id", scope);
    const own = await users.select<OwnSession>(
      `SELECT id, user_id AS userId, created_at AS startedAt, expires_at AS expiresAt, ended_at AS endedAt
       FROM sessions WHERE ${sql}`,
      values,
    );
    const rows = await statistics.select<{
      id: string;
      userId: string;
      startedAt: number | null;
      endedAt: number | null;
    }>(
      `SELECT session_id AS id, user_id AS userId, started_at AS startedAt, ended_at AS endedAt FROM sessions WHERE ${sql}`,
      values,
    );
    const counted = new Map(rows.map((row) => [row.id, row]));
    const known = new Set(own.map(({ id }) => id));
    const wrong = own.flatMap((session) => {
      const { id: sessionId, userId, startedAt, expiresAt, endedAt } = session;
      if (startedAt < countedFrom) return [];
      const told = counted.get(sessionId);
      const end = endedAt ?? (expiresAt <= now ? expiresAt : null);
      if (!told && end !== null && end < sessionsFrom) return [];
      const isOpen = told !== undefined && told.startedAt !== null && told.endedAt === null;
      const isDue = endedAt !== null || expiresAt + graceMs <= now;
      const differs = end === null ? !isOpen : told === undefined || (isOpen && isDue);
      if (!differs) return [];
      return [{ userId, sessionId, session: end === null ? "open" : "ended", counted: stateOf(told) }];
    });
    const lost = rows
      .filter(({ id, startedAt, endedAt }) => !known.has(id) && startedAt !== null && endedAt === null)
      .map(({ id: sessionId, userId }) => ({ userId, sessionId, session: null, counted: "open" }));
    return [...wrong, ...lost].map((row) => ({ key: row.userId, row }));
  },
};

function stateOf(
  session: { readonly startedAt: number | null; readonly endedAt: number | null } | undefined,
): string | null {
  if (!session) return null;
  if (session.startedAt === null) return "not begun";
  return session.endedAt === null ? "open" : "ended";
}
