import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant } from "../across-services.ts";

interface Membership {
  readonly merchantId: string;
  readonly userId: string;
  readonly role: string | null;
  readonly version: number;
}

export const sessionsKnowMembers: CrossServiceInvariant = {
  code: "merchants.memberships",
  says: "Accounts have the memberships that the merchants' members are, and no others",
  of: ["merchants", "users"],
  about: "merchant",
  subjects: [
    { service: "merchants", table: "members", key: "merchant_id" },
    { service: "users", table: "memberships", key: "merchant_id" },
  ],
  async disagreements({ merchants, users }, scope) {
    const { sql, values } = scopeCondition("merchant_id", scope);
    const read = "SELECT merchant_id AS merchantId, user_id AS userId, role, version";
    const [members, copies] = await Promise.all([
      merchants.select<Membership>(`${read} FROM members WHERE ${sql}`, values),
      users.select<Membership>(`${read} FROM memberships WHERE ${sql}`, values),
    ]);
    const keyOf = ({ merchantId, userId }: Membership) => `${merchantId} ${userId}`;
    const stateOf = (one: Membership | undefined) => one && `${one.role} ${one.version}`;
    const [original, copied] = [members, copies].map((all) => new Map(all.map((one) => [keyOf(one), one])));
    return [...new Map([...members, ...copies].map((one) => [keyOf(one), one]))]
      .filter(([key]) => stateOf(original?.get(key)) !== stateOf(copied?.get(key)))
      .map(([key, { merchantId, userId }]) => {
        const [role, copy] = [original?.get(key)?.role ?? null, copied?.get(key)?.role ?? null];
        return { key: merchantId, row: { merchantId, userId, role, copy } };
      });
  },
};

interface State {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: string;
  readonly version: number;
}

export const catalogueKnowsMerchants: CrossServiceInvariant = {
  code: "merchants.copies",
  says: "The catalogue knows every merchant as it is: its address, its name and whether it may sell",
  of: ["merchants", "catalog"],
  about: "merchant",
  subjects: [
    { service: "merchants", table: "merchants", key: "id" },
    { service: "catalog", table: "merchants", key: "id" },
  ],
  async disagreements({ merchants, catalog }, scope) {
    const { sql, values } = scopeCondition("id", scope);
    const read = `SELECT id, slug, name, status, version FROM merchants WHERE ${sql}`;
    const [originals, copies] = await Promise.all([
      merchants.select<State>(read, values),
      catalog.select<State>(read, values),
    ]);
    const known = new Map(copies.map((copy) => [copy.id, copy]));
    const isCopy = ({ id, slug, name, status, version }: State) => {
      const copy = known.get(id);
      // Changes of other fields have versions of their own, of which the catalogue does not hear.
      return copy?.slug === slug && copy.name === name && copy.status === status && copy.version <= version;
    };
    const existing = new Set(originals.map(({ id }) => id));
    return [
      ...originals
        .filter((original) => !isCopy(original))
        .map(({ id, slug, status }) => ({
          key: id,
          row: { merchantId: id, slug, status, copy: known.get(id)?.status ?? null },
        })),
      ...copies
        .filter(({ id }) => !existing.has(id))
        .map(({ id, slug, status }) => ({
          key: id,
          row: { merchantId: id, slug, status: null, copy: status },
        })),
    ];
  },
};

export const productsAreCounted: CrossServiceInvariant = {
  code: "merchants.products",
  says: "Every merchant counts its published products",
  of: ["merchants", "catalog"],
  about: "merchant",
  subjects: [{ service: "merchants", table: "merchants", key: "id" }],
  async disagreements({ merchants, catalog }, scope) {
    const own = scopeCondition("id", scope);
    const counts = await merchants.select<{ id: string; slug: string; products: number }>(
      `SELECT id, slug, products FROM merchants WHERE ${own.sql}`,
      own.values,
    );
    const ofProducts = scopeCondition("merchant_id", scope);
    const published = await catalog.select<{ id: string; products: number }>(
      `SELECT merchant_id AS id, COUNT(*) AS products FROM products
       WHERE status = 'published' AND merchant_id IS NOT NULL AND ${ofProducts.sql} GROUP BY merchant_id`,
      ofProducts.values,
    );
    const counted = new Map(published.map(({ id, products }) => [id, products]));
    return counts
      .filter(({ id, products }) => products !== (counted.get(id) ?? 0))
      .map(({ id, slug, products }) => ({
        key: id,
        row: { merchantId: id, slug, products, published: counted.get(id) ?? 0 },
      }));
  },
};
