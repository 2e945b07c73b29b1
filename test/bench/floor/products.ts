import { problem } from "./problem.ts";
import { rowsOf } from "./sql.ts";

interface ProductRow {
  id: string;
  slug: string;
  name: string;
  status: string;
  description: string;
  category_id: string | null;
  price_from: number;
  cheapest_variant_id: string;
  variant_count: number;
  version: number;
  created_at: number;
  updated_at: number;
  in_stock: number;
}

interface VariantRow {
  id: string;
  product_id: string;
  sku: string;
  options: string;
  price: number;
  weight_grams: number | null;
  available: number;
  version: number;
  created_at: number;
  updated_at: number;
}

const columns = `p.id, p.slug, p.name, p.status, p.category_id, p.price_from, p.cheapest_variant_id, p.variant_count, p.version, p.created_at, p.updated_at,
  EXISTS (SELECT 1 FROM floor_variants v JOIN floor_stock s ON s.variant_id = v.id WHERE v.product_id = p.id AND s.on_hand > 0) AS in_stock`;
const orders: Record<string, [orderBy: string, column: "created_at" | "price_from"]> = {
  "-createdAt": ["p.created_at DESC, p.id DESC", "created_at"],
  price: ["p.price_from, p.id", "price_from"],
};

/** The same bytes as the shop's. */
export async function listProducts(sort: string, minPrice: number, limit: number) {
  const [orderBy, column] = orders[sort] ?? ["p.id", "created_at"];
  const sql = `SELECT ${columns} FROM floor_products p WHERE p.status = 'published' AND p.price_from >= ? ORDER BY ${orderBy} LIMIT ?`;
  const rows = await rowsOf<ProductRow>(sql, [minPrice, String(limit + 1)]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const cursor =
    last && rows.length > limit
      ? Buffer.from(JSON.stringify([sort, last[column], last.id])).toString("base64url")
      : null;
  return { items: shown.map(summaryOf), nextCursor: cursor };
}

export async function getProduct(slug: string) {
  const [product] = await rowsOf<ProductRow>(
    "SELECT *, 0 AS in_stock FROM floor_products WHERE slug = ? AND status = 'published'",
    [slug],
  );
  if (!product) throw problem(404, "There is no such product");
  const variants = await rowsOf<VariantRow>(
    "SELECT v.*, s.on_hand AS available FROM floor_variants v JOIN floor_stock s ON s.variant_id = v.id WHERE v.product_id = ? ORDER BY v.created_at, v.id",
    [product.id],
  );
  const in_stock = variants.some(({ available }) => available > 0) ? 1 : 0;
  return {
    ...summaryOf({ ...product, in_stock }),
    description: product.description,
    seo: {},
    typeId: null,
    attributes: [],
    images: [],
    variants: variants.map((variant) => ({
      id: variant.id,
      productId: variant.product_id,
      sku: variant.sku,
      options: JSON.parse(variant.options) as object,
      price: { amount: variant.price, currency: "GBP" },
      weightGrams: variant.weight_grams,
      available: variant.available,
      version: variant.version,
      createdAt: timestamp(variant.created_at),
      updatedAt: timestamp(variant.updated_at),
    })),
  };
}

function summaryOf(row: ProductRow) {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    status: row.status,
    categoryId: row.category_id,
    brand: null,
    tags: [],
    priceFrom: { amount: row.price_from, currency: "GBP" },
    cheapestVariantId: row.cheapest_variant_id,
    variantCount: row.variant_count,
    inStock: row.in_stock > 0,
    image: null,
    version: row.version,
    createdAt: timestamp(row.created_at),
    updatedAt: timestamp(row.updated_at),
  };
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
