import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import type { CrossServiceInvariant } from "../across-services.ts";

interface Counted {
  readonly id: string;
  readonly favourites: number;
  readonly version: number;
}

/** A count of an earlier version is on its way. */
export const favouritesAreCounted: CrossServiceInvariant = {
  code: "products.favourites",
  says: "Every product shows the number of its favourites, as of a version that was counted",
  of: ["catalog", "favourites"],
  about: "catalogue",
  subjects: [{ service: "catalog", table: "products", key: "id" }],
  async disagreements({ catalog, favourites }, scope) {
    const { sql, values } = scopeCondition("id", scope);
    const products = await catalog.select<Counted>(
      `SELECT id, favourites, favourites_version AS version FROM products WHERE favourites_version > 0 AND ${sql}`,
      values,
    );
    if (products.length === 0) return [];
    const rows = await favourites.select<Counted>(
      "SELECT product_id AS id, favourites, version FROM favourite_counts WHERE product_id IN (?)",
      [products.map(({ id }) => id)],
    );
    const counts = new Map(rows.map((row) => [row.id, row]));
    return products
      .filter(({ id, favourites: shown, version }) => {
        const count = counts.get(id);
        return !count || version > count.version || (version === count.version && shown !== count.favourites);
      })
      .map(({ id, favourites: shown, version }) => ({
        key: id,
        row: { productId: id, shown, counted: counts.get(id)?.favourites ?? null, version },
      }));
  },
};
