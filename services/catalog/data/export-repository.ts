import type { Database } from "../../../mixins/database/database.ts";
import type { AttributeUse } from "../domain/attribute.ts";
import type { Product } from "../domain/product.ts";
import { selectWhereIn } from "./batch-statements.ts";
import type { MerchantReference, SellerColumns } from "./merchant-copies.ts";
import { isWithheld, joinSeller, sellerColumns, sellerOf } from "./merchant-copies.ts";
import type { ProductRow } from "./product-row.ts";
import { productColumns, productFromRow } from "./product-row.ts";
import type { Variant, VariantRow } from "./variant-repository.ts";
import { variantColumns, variantFromRow } from "./variant-repository.ts";

/** A product with all exported fields. */
export interface ExportedProduct extends Product {
  readonly categorySlug: string | null;
  readonly brandSlug: string | null;
  readonly brandName: string | null;
  readonly typeSlug: string | null;
  readonly merchant: MerchantReference | null;
  /** Its merchant may not sell at present. */
  readonly isWithheld: boolean;
  readonly variants: readonly (Variant & { readonly onHand: number })[];
}

type JoinedColumns = Record<
  "category_slug" | "brand_slug" | "brand_name" | "type_slug" | "type_attributes",
  string | null
> &
  SellerColumns;

/** Reads products as they are exported, with a constant number of statements per batch. */
export class ExportRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Number of products. @param among merchants whose they are; all products when undefined */
  async count(among?: readonly string[]): Promise<number> {
    const sql = `SELECT COUNT(*) AS total FROM products${among ? " WHERE merchant_id IN (?)" : ""}`;
    const [row] = await this.#database.select<{ total: number }>(sql, among ? [among] : []);
    return row?.total ?? 0;
  }

  /** The next products in id order. @param among as for `count` */
  async after(productId: string, limit: number, among?: readonly string[]): Promise<ExportedProduct[]> {
    const products = await this.#database.select<ProductRow & JoinedColumns>(
      `SELECT ${productColumns.map((column) => `p.${column}`).join(", ")}, c.slug AS category_slug,
         b.slug AS brand_slug, b.name AS brand_name, t.slug AS type_slug, t.attributes AS type_attributes,
         ${sellerColumns}
       FROM products p LEFT JOIN categories c ON c.id = p.category_id LEFT JOIN brands b ON b.id = p.brand_id
         LEFT JOIN product_types t ON t.id = p.type_id ${joinSeller}
       WHERE p.id > ?${among ? " AND p.merchant_id IN (?)" : ""} ORDER BY p.id LIMIT ?`,
      among ? [productId, among, limit] : [productId, limit],
    );
    const variants = await selectWhereIn<VariantRow & { on_hand: number }>(
      this.#database,
      `SELECT ${variantColumns}, s.on_hand FROM variants v JOIN stock s ON s.variant_id = v.id
       WHERE v.product_id IN (?) ORDER BY v.created_at, v.id`,
      [products.map((product) => product.id)],
    );
    const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
    return products.map((row) => ({
      ...productFromRow(row),
      ...shownDetails(row),
      categorySlug: row.category_slug,
      brandSlug: row.brand_slug,
      brandName: row.brand_name,
      typeSlug: row.type_slug,
      merchant: sellerOf(row),
      isWithheld: isWithheld(row),
      variants: (byProduct.get(row.id) ?? []).map((variant) => ({
        ...variantFromRow(variant),
        onHand: variant.on_hand,
      })),
    }));
  }
}

/** Without values and texts of attributes that the type has lost: an import would refuse them. */
function shownDetails(row: ProductRow & JoinedColumns): Pick<Product, "attributes" | "texts"> {
  const { attributes, texts } = productFromRow(row);
  const uses = JSON.parse(row.type_attributes ?? "[]") as AttributeUse[];
  const codes = new Set(uses.map(({ code }) => code));
  const fields = new Set(["name", "description", ...uses.map(({ code }) => `attributes.${code}`)]);
  return {
    attributes: only(codes, attributes),
    texts: Object.fromEntries(
      Object.entries(texts)
        .map(([locale, its]) => [locale, only(fields, its)] as const)
        .filter(([, its]) => Object.keys(its).length > 0),
    ),
  };
}

function only<T>(
  keys: ReadonlySet<string>,
  values: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => keys.has(key)));
}
