import type { QueryInterface } from "sequelize";
import { DataTypes, QueryTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import type { AttributeKind, Choice } from "../../domain/attribute.ts";
import { termsOfName } from "../../domain/search/index-terms.ts";
import { labelsOf, namesOf } from "../../domain/search/labels.ts";
import { parsed } from "../json-column.ts";
import type { ProductRow } from "../product-row.ts";
import { productFromRow } from "../product-row.ts";
import { documentRow, indexed, postingRows, searchableOf, wordsOf } from "../search/search-index.ts";
import type { NamedEntity } from "../search/search-names.ts";
import { insertAll } from "./insert-all.ts";
import { productRanges } from "./product-ranges.ts";
import { fillProductTerms } from "./product-terms.ts";

const id = DataTypes.CHAR(36);
const exactText = (length: number) => DataTypes.STRING(length, true);
const namesPerBatch = 500;
const tables = ["search_names", "search_words", "search_postings", "search_documents"];

/**
 * The index of the ranked search. The earlier version's `product_terms` stay as they are, for its nodes that
 * still run; the next release drops them.
 */
export const search: Migration = {
  name: "0012-search.expand",

  async up(query: QueryInterface) {
    /** Products of the index, by a number that keeps postings short, with their terms for later changes. */
    await query.createTable("search_documents", {
      id: { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true },
      product_id: { type: id, allowNull: false, unique: true },
      fingerprint: { type: exactText(27), allowNull: false },
      /** JSON object: term to weight, negative in the weak tier. */
      terms: { type: mediumText, allowNull: false },
    });
    // Raw SQL: without rowid, SQLite's table takes half the space.
    const isSqlite = query.sequelize.getDialect() === "sqlite";
    await query.sequelize.query(`CREATE TABLE IF NOT EXISTS search_postings (
      term VARCHAR(40) ${isSqlite ? "" : "BINARY"} NOT NULL,
      tier SMALLINT NOT NULL,
      doc INTEGER NOT NULL,
      weight SMALLINT NOT NULL,
      PRIMARY KEY (term, tier, doc)
    )${isSqlite ? " WITHOUT ROWID" : ""}`);
    /** Vocabulary: completes words and corrects them. */
    await query.createTable("search_words", { word: { type: exactText(40), primaryKey: true } });
    /** What products belong to, by the terms of its names. */
    await query.createTable("search_names", {
      term: { type: exactText(40), primaryKey: true },
      entity: { type: DataTypes.STRING(10), primaryKey: true },
      entity_id: { type: id, primaryKey: true },
    });
    await query.addIndex("search_names", ["entity_id"], { name: "search_names_of_entity" });
    // Rows of an attempt that did not finish.
    for (const table of tables) await query.sequelize.query(`DELETE FROM ${table}`);
    for await (const range of productRanges(query)) await fillProducts(query, range);
    await fillNames(query, "category");
    await fillNames(query, "brand");
    await fillNames(query, "type");
    await fillNames(query, "attribute");
  },

  async down(query: QueryInterface) {
    for (const table of tables) await query.dropTable(table);
    await query.sequelize.query("DELETE FROM product_terms");
    for await (const range of productRanges(query)) await fillProductTerms(query, range);
  },
};

interface Range {
  readonly after: string;
  readonly to: string;
}

async function fillProducts(query: QueryInterface, { after, to }: Range): Promise<void> {
  const select = <R extends object>(sql: string) =>
    query.sequelize.query<R>(sql, { replacements: [after, to], type: QueryTypes.SELECT });
  const products = await select<ProductRow>("SELECT * FROM products WHERE id > ? AND id <= ?");
  const variants = await select<{ product_id: string; sku: string; options: string }>(
    "SELECT product_id, sku, options FROM variants WHERE product_id > ? AND product_id <= ?",
  );
  const byProduct = Map.groupBy(variants, (variant) => variant.product_id);
  const all = products.map((row) =>
    indexed(row.id, searchableOf(productFromRow(row), byProduct.get(row.id) ?? [])),
  );
  await insertAll(query, "search_documents", all.map(documentRow));
  const documents = await select<{ id: number; product_id: string }>(
    "SELECT id, product_id FROM search_documents WHERE product_id > ? AND product_id <= ?",
  );
  const numbers = new Map(documents.map((row) => [row.product_id, row.id]));
  const postings = all.flatMap((product) => postingRows(numbers.get(product.productId) ?? 0, product));
  await insertAll(query, "search_postings", postings);
  const words = wordsOf(all).map((word) => ({ word }));
  await insertAll(query, "search_words", words, { unlessKnown: true });
}

const namedRows: Readonly<Record<NamedEntity, string>> = {
  category: "id, name, texts, NULL AS kind, NULL AS choices FROM categories",
  brand: "id, name, NULL AS texts, NULL AS kind, NULL AS choices FROM brands",
  type: "id, name, texts, NULL AS kind, NULL AS choices FROM product_types",
  attribute: "id, name, texts, kind, choices FROM attributes",
};

interface NamedRow {
  readonly id: string;
  readonly name: string;
  readonly texts: string | null;
  readonly kind: AttributeKind | null;
  readonly choices: string | null;
}

/** The names, in all languages, that products are searched by. */
async function fillNames(query: QueryInterface, entity: NamedEntity): Promise<void> {
  for (let last = ""; ;) {
    const rows = await query.sequelize.query<NamedRow>(
      `SELECT ${namedRows[entity]} WHERE id > ? ORDER BY id LIMIT ?`,
      { replacements: [last, namesPerBatch], type: QueryTypes.SELECT },
    );
    const end = rows.at(-1)?.id;
    if (end === undefined) return;
    const named = rows.flatMap((row) =>
      [...new Set(searchedNames(row).flatMap(termsOfName))].map((term) => ({
        term,
        entity,
        entity_id: row.id,
      })),
    );
    await insertAll(query, "search_names", named);
    last = end;
  }
}

function searchedNames({ name, texts, kind, choices }: NamedRow): string[] {
  const named = { name, texts: parsed(texts, {}) };
  return kind === null
    ? namesOf(named)
    : labelsOf({ ...named, kind, choices: parsed<Choice[]>(choices, []) }).flatMap(({ names }) => names);
}
