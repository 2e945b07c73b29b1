import type { Texts } from "../../../../mixins/contract/texts.ts";
import type { Database, SqlValue, Tx } from "../../../../mixins/database/database.ts";
import { pathsAbove } from "../../domain/category-tree.ts";
import type { ExternalDocument } from "../../domain/search/external-document.ts";
import { externalDocument } from "../../domain/search/external-document.ts";
import type { AttributeRepository } from "../attribute-repository.ts";
import { selectWhereIn } from "../batch-statements.ts";
import { parsed } from "../json-column.ts";
import type { ProductRow } from "../product-row.ts";
import { productColumns, productFromRow } from "../product-row.ts";

type JoinedRow = ProductRow &
  Record<"category_path" | "brand_name" | "brand_texts" | "type_name" | "type_texts", string | null>;

/** Reads products for an external search engine, with a constant number of statements per batch. */
export class ExternalDocuments {
  readonly #database: Database;
  readonly #attributes: AttributeRepository;
  readonly #defaultLocale: string;

  constructor(database: Database, attributes: AttributeRepository, defaultLocale: string) {
    this.#database = database;
    this.#attributes = attributes;
    this.#defaultLocale = defaultLocale;
  }

  /** The next products in id order. */
  async after(productId: string, limit: number, tx: Tx): Promise<ExternalDocument[]> {
    return this.#documents("p.id > ? ORDER BY p.id LIMIT ?", [productId, limit], tx);
  }

  /** Those of the products that exist. */
  async ofIds(productIds: readonly string[], tx: Tx): Promise<ExternalDocument[]> {
    return this.#documents("p.id IN (?)", [productIds], tx);
  }

  async #documents(condition: string, values: readonly SqlValue[], tx: Tx): Promise<ExternalDocument[]> {
    const rows = await selectWhereIn<JoinedRow>(
      this.#database,
      `SELECT ${productColumns.map((column) => `p.${column}`).join(", ")}, c.path AS category_path,
         b.name AS brand_name, b.texts AS brand_texts, t.name AS type_name, t.texts AS type_texts
       FROM products p LEFT JOIN categories c ON c.id = p.category_id LEFT JOIN brands b ON b.id = p.brand_id
         LEFT JOIN product_types t ON t.id = p.type_id
       WHERE ${condition}`,
      values,
      tx,
    );
    const variants = await selectWhereIn<{ product_id: string; sku: string; options: string }>(
      this.#database,
      "SELECT product_id, sku, options FROM variants WHERE product_id IN (?) ORDER BY id",
      [rows.map(({ id }) => id)],
      tx,
    );
    const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
    const categories = await this.#categories(rows, tx);
    const definitions = new Map((await this.#attributes.all(tx)).map((one) => [one.code, one]));
    return rows.map((row) => {
      const source = {
        product: productFromRow(row),
        brand: namesOf(row.brand_name, row.brand_texts),
        kinds: [
          ...pathsTo(row).flatMap((path) => categories.get(path) ?? []),
          ...namesOf(row.type_name, row.type_texts),
        ],
        variants: (byProduct.get(row.id) ?? []).map(({ sku, options }) => ({
          sku,
          options: JSON.parse(options) as Record<string, string>,
        })),
      };
      return externalDocument(source, definitions, this.#defaultLocale);
    });
  }

  /** Names of the products' categories and of those above, by path. */
  async #categories(rows: readonly JoinedRow[], tx: Tx): Promise<ReadonlyMap<string, readonly string[]>> {
    const named = await selectWhereIn<{ path: string; name: string; texts: string | null }>(
      this.#database,
      "SELECT path, name, texts FROM categories WHERE path IN (?)",
      [[...new Set(rows.flatMap(pathsTo))]],
      tx,
    );
    return new Map(named.map(({ path, name, texts }) => [path, namesOf(name, texts)]));
  }
}

/** In all languages; none without a name. */
function namesOf(name: string | null, texts: string | null): string[] {
  const translated = Object.values(parsed<Texts>(texts, {}));
  return name === null ? [] : [name, ...translated.flatMap((its) => its["name"] ?? [])];
}

function pathsTo({ category_path: path }: JoinedRow): string[] {
  return path === null ? [] : [...pathsAbove({ path, depth: 0 }), path];
}
