import type { Database } from "../../../../mixins/database/database.ts";
import type { Invariant, Scope, ViolatingRow } from "../../../../mixins/database/invariant.ts";
import { scopeCondition } from "../../../../mixins/database/invariant.ts";
import { facetRowsOf } from "../../domain/facet-rows.ts";
import type { AttributeValue } from "../../domain/product.ts";
import { facetKeys } from "./facet-index.ts";
import { parsed } from "../json-column.ts";

/** Products are found and counted by exactly what they have. */
export const facetInvariant: Invariant = {
  code: "products.facets",
  says: "Every product has exactly the facets of its type, brand, merchant, tags and attributes",
  subject: { table: "products", key: "id" },
  broken: { inPage: wrongFacets },
};

/** A product, or one of its stored facets. */
interface FacetedRow {
  readonly productId: string;
  /** Set in the product's own row only. */
  readonly slug: string | null;
  readonly typeId: string | null;
  readonly brandId: string | null;
  readonly merchantId: string | null;
  readonly tags: string | null;
  readonly attributes: string | null;
  readonly facet: string;
  readonly value: string;
  readonly number: number | null;
}

/** A single statement sees a concurrent change either completely or not at all. */
async function wrongFacets(database: Database, scope: Scope): Promise<ViolatingRow[]> {
  const byId = scopeCondition("id", scope);
  const byProduct = scopeCondition("product_id", scope);
  const rows = await database.select<FacetedRow>(
    `SELECT id AS productId, slug, type_id AS typeId, brand_id AS brandId, merchant_id AS merchantId, tags, attributes, '' AS facet, '' AS value,
       NULL AS number FROM products WHERE ${byId.sql}
     UNION ALL SELECT product_id, NULL, NULL, NULL, NULL, NULL, NULL, facet, value, number FROM product_facets
       WHERE ${byProduct.sql}`,
    [...byId.values, ...byProduct.values],
  );
  return [...Map.groupBy(rows, ({ productId }) => productId)].flatMap(([productId, itsRows]) => {
    const product = itsRows.find(({ slug }) => slug !== null);
    const stored = itsRows.filter(({ facet }) => facet !== "");
    const wanted = product
      ? facetRowsOf({
          typeId: product.typeId,
          brandId: product.brandId,
          merchantId: product.merchantId,
          tags: parsed<string[]>(product.tags, []),
          attributes: parsed<Record<string, AttributeValue>>(product.attributes, {}),
        })
      : [];
    const numbers = new Map(wanted.map(({ facet, value, number }) => [`${facet} ${value}`, number]));
    const isRight =
      facetKeys(stored) === facetKeys(wanted) &&
      stored.every(({ facet, value, number }) => numbers.get(`${facet} ${value}`) === number);
    const counts = { facets: stored.length, expected: wanted.length };
    return isRight ? [] : [{ slug: product?.slug ?? null, productId, ...counts }];
  });
}
