import type { Database } from "../../../../mixins/database/database.ts";
import type { Texts } from "../../../../mixins/contract/texts.ts";
import { textsSnapshot } from "../../../../mixins/contract/texts.ts";
import type { Scope } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { Disagreement, CrossServiceInvariant } from "../across-services.ts";
import type { AuditedChange } from "./audited-changes.ts";
import { entriesOf, strays } from "./audited-changes.ts";
import { betweenOrdersAndTrail, removedUntil } from "./audit-trail.ts";

/** Staff-edited state of an object in the audit trail. */
interface Written {
  readonly id: string;
  /** A slug, SKU or code, for the report. */
  readonly name: string;
  readonly state: Readonly<Record<string, unknown>>;
}

/** Finds objects that differ from their audited changes. Skips objects without audit entries. */
async function disagreeing(
  audit: Database,
  read: () => Promise<readonly Written[]>,
  kinds: Parameters<typeof entriesOf>[1],
  scope: Scope,
  comparable: (state: unknown) => unknown = (state) => state,
): Promise<Disagreement[]> {
  const since = await removedUntil(audit);
  const entries = await entriesOf(audit, kinds, scope);
  if (entries.size === 0) return [];
  const written = await read();
  const there = new Map(written.map((one) => [one.id, one]));
  return [...entries].flatMap(([id, itsEntries]): Disagreement[] => {
    const one = there.get(id);
    const [entity = ""] = itsEntries.map((entry) => entry.entity);
    // Ids are not reused.
    const isRemoved = itsEntries.some(({ details }) => details["after"] === null);
    if (!one)
      return isRemoved ? [] : [{ key: id, row: { entity, id, name: null, differs: "it is missing" } }];
    if (isRemoved) return [{ key: id, row: { entity, id, name: one.name, differs: "it was removed" } }];
    // The latest change may be among removed entries.
    if (!itsEntries.some(({ occurredAt }) => occurredAt > since)) return [];
    const changes = itsEntries.map(({ details: { before, after } }): AuditedChange => ({
      before: comparable(before),
      after: comparable(after),
    }));
    const differs = strays(changes, one.state);
    return differs.length > 0
      ? [{ key: id, row: { entity, id, name: one.name, differs: differs.join(", ") } }]
      : [];
  });
}

const catalogueTables = [
  { table: "categories", name: "slug", columns: "slug, name, parent_id AS parentId, texts" },
  { table: "brands", name: "slug", columns: "slug, name, description, texts" },
  { table: "collections", name: "slug", columns: "slug, name, description, texts" },
  {
    table: "products",
    name: "slug",
    columns: `slug, name, description, status, category_id AS categoryId, brand_id AS brandId, type_id AS typeId,
      attributes, texts`,
  },
  {
    table: "variants",
    name: "sku",
    columns: "product_id AS productId, sku, options, price AS priceMinor, weight_grams AS weightGrams",
  },
] as const;

export const catalogueIsAudited: CrossServiceInvariant = {
  code: "audit.catalogue",
  says: "Every category, brand, collection, product and variant, prices included, matches the staff changes in the audit trail; none is missing, none has returned",
  of: ["catalog", "audit"],
  about: "catalogue",
  subjects: catalogueTables.map(({ table }) => ({ service: "catalog", table, key: "id" }) as const),
  async disagreements({ catalog, audit }, scope) {
    const { sql, values } = scopeCondition("id", scope);
    const kinds = {
      entities: ["category", "brand", "collection", "product", "variant"],
      types: ["catalog.changed"],
    };
    const read = async () => {
      const written: Written[] = [];
      for (const { table, name, columns } of catalogueTables) {
        const text = `SELECT id, ${columns} FROM ${table} WHERE ${sql}`;
        const rows = await catalog.select<{ id: string } & Record<string, unknown>>(text, values);
        for (const { id, options, attributes, texts, ...state } of rows)
          written.push({
            id,
            name: String(state[name]),
            state: {
              ...state,
              ...(options === undefined ? {} : { options: readable(options) }),
              ...textsSnapshot(readable(texts ?? "{}") as Texts),
              ...(attributes === undefined ? {} : { attributes: readable(attributes ?? "{}") }),
            },
          });
      }
      return written;
    };
    return disagreeing(audit, read, kinds, scope);
  },
};

type CouponRow = Readonly<Record<"id" | "code" | "kind", string>> &
  Readonly<Record<"merchantId" | "description" | "scopeKind" | "scopeIds", string | null>> &
  Readonly<Record<"value" | "minimum" | "active" | "claimable", number>> &
  Readonly<
    Record<"validFrom" | "validUntil" | "totalLimit" | "perCustomerLimit" | "claimLimit", number | null>
  >;

export const couponsAreAudited: CrossServiceInvariant = {
  code: "audit.coupons",
  says: "Every coupon matches the terms in the audit trail; none is missing, none has returned",
  of: ["orders", "audit"],
  about: "coupon",
  subjects: [{ service: "orders", table: "coupons", key: "id" }],
  async disagreements({ orders, audit }, scope) {
    const { sql, values } = scopeCondition("id", scope);
    const read = async () => {
      const rows = await orders.select<CouponRow>(
        `SELECT id, merchant_id AS merchantId, code, description, discount_kind AS kind, discount_value AS value,
           scope_kind AS scopeKind, scope_ids AS scopeIds, minimum_subtotal AS minimum, active,
           valid_from AS validFrom, valid_until AS validUntil, total_limit AS totalLimit, per_customer_limit AS perCustomerLimit,
           claimable, claim_limit AS claimLimit
         FROM coupons WHERE ${sql}`,
        values,
      );
      return rows.map(({ id, kind, value, scopeKind, scopeIds, minimum, active, claimable, ...terms }) => ({
        id,
        name: terms.code,
        state: {
          ...terms,
          discount: [kind, value],
          scope: scopeOf(scopeKind, scopeIds),
          minimumSubtotal: minimum,
          claimable: claimable === 1,
          active: active === 1,
        },
      }));
    };
    return disagreeing(
      audit,
      read,
      { entities: ["coupon"], types: ["orders.coupon-changed"] },
      scope,
      termsOf,
    );
  },
};

/** A coupon's terms as stored: amounts in minor units, times in milliseconds. */
function termsOf(state: unknown): unknown {
  if (state === null || state === undefined) return state;
  const { discount, minimumSubtotal, validFrom, validUntil, ...same } = state as Readonly<
    Record<string, unknown>
  >;
  return {
    ...same,
    discount: discountOf(discount),
    minimumSubtotal: amountOf(minimumSubtotal),
    validFrom: timeOf(validFrom),
    validUntil: timeOf(validUntil),
  };
}

/** As the trail tells it. */
function scopeOf(kind: string | null, ids: string | null): unknown {
  return kind === null ? { kind: "all" } : { kind, ids: readable(ids) };
}

function discountOf(discount: unknown): unknown {
  if (discount === undefined) return undefined;
  const { kind, basisPoints, amount } = discount as { kind: string; basisPoints?: number; amount?: unknown };
  return [kind, basisPoints ?? amountOf(amount)];
}

const amountOf = (money: unknown) => (money as { amount: number } | undefined)?.amount;
const timeOf = (time: unknown) => (typeof time === "string" ? Date.parse(time) : time);

function readable(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    return json;
  }
}

interface OrderRow {
  readonly id: string;
  readonly number: string;
  readonly customerId: string;
  readonly cartId: string;
  readonly total: number;
  readonly currency: string;
  readonly coupon: string | null;
  readonly placedAt: number;
}

interface PlacedDetails {
  readonly number: string;
  readonly customerId: string;
  readonly cartId: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly coupon?: string;
}

/** The accounts that have claimed these guests, by guest. */
async function accountsOfGuests(
  orders: Database,
  guestIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (guestIds.length === 0) return new Map();
  const claimed = await orders.select<{ guestId: string; userId: string }>(
    "SELECT guest_id AS guestId, claimed_by AS userId FROM guests WHERE guest_id IN (?) AND claimed_by IS NOT NULL",
    [guestIds],
  );
  return new Map(claimed.map(({ guestId, userId }) => [guestId, userId]));
}

export const ordersSayWhatWasPlaced: CrossServiceInvariant = {
  code: "audit.placed",
  says: "Every order has the number, customer or account that claimed the guest, cart, total and coupon that the audit trail says it was placed with",
  ...betweenOrdersAndTrail,
  async disagreements({ orders, audit }, scope) {
    const { sql, values } = scopeCondition("id", scope);
    const rows = await orders.select<OrderRow>(
      `SELECT id, number, customer_id AS customerId, cart_id AS cartId, total, currency, coupon_code AS coupon, placed_at AS placedAt
       FROM orders WHERE ${sql}`,
      values,
    );
    const entries = await entriesOf(audit, { entities: ["order"], types: ["orders.placed"] }, scope);
    const placedBy = (order: OrderRow) => entries.get(order.id)?.[0]?.details as PlacedDetails | undefined;
    const guests = await accountsOfGuests(
      orders,
      rows.flatMap((order) => {
        const { customerId } = placedBy(order) ?? order;
        return customerId === order.customerId ? [] : [customerId];
      }),
    );
    return rows.flatMap((order) => {
      const placed = placedBy(order);
      // Another invariant covers missing entries.
      if (!placed) return [];
      const { id: orderId, number, customerId, cartId, total, currency, coupon } = order;
      const pairs = {
        number: [number, placed.number],
        customer: [customerId, guests.get(placed.customerId) ?? placed.customerId],
        cart: [cartId, placed.cartId],
        total: [total, placed.total.amount],
        currency: [currency, placed.total.currency],
        coupon: [coupon, placed.coupon ?? null],
      };
      const differs = Object.entries(pairs).flatMap(([name, [now, then]]) => (now === then ? [] : [name]));
      if (differs.length === 0) return [];
      return [
        { key: orderId, row: { number, orderId, numberThen: placed.number, differs: differs.join(", ") } },
      ];
    });
  },
};
