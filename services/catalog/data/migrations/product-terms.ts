import type { QueryInterface } from "sequelize";
import { QueryTypes } from "sequelize";
import { insertAll } from "./insert-all.ts";
import { fold } from "../../../../mixins/contract/name-key.ts";

const termLength = 40;
const termsPerProduct = 600;

/** Fills the index of the versions before `0012-search` for products with `id > after AND id <= to`. */
export async function fillProductTerms(
  query: QueryInterface,
  { after, to }: { readonly after: string; readonly to: string },
): Promise<void> {
  const select = <R extends object>(sql: string) =>
    query.sequelize.query<R>(sql, { replacements: [after, to], type: QueryTypes.SELECT });
  const products = await select<{ id: string; name: string; description: string }>(
    "SELECT id, name, description FROM products WHERE id > ? AND id <= ?",
  );
  const variants = await select<{ product_id: string; sku: string }>(
    "SELECT product_id, sku FROM variants WHERE product_id > ? AND product_id <= ? ORDER BY sku",
  );
  const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
  const rows = products.flatMap(({ id, name, description }) => {
    const skus = (byProduct.get(id) ?? []).map(({ sku }) => sku);
    const terms = new Set([name, ...skus, description].flatMap(wordsOf));
    return [...terms].slice(0, termsPerProduct).map((term) => ({ term, product_id: id }));
  });
  await insertAll(query, "product_terms", rows);
}

function wordsOf(text: string): string[] {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => Array.from(word).slice(0, termLength).join(""));
}
