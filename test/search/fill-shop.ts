import type { Database, Tx } from "../../mixins/database/database.ts";
import { SearchIndex } from "../../services/catalog/data/search/search-index.ts";
import { AttributeRepository } from "../../services/catalog/data/attribute-repository.ts";
import { indexNames } from "../../services/catalog/data/search/search-names.ts";
import { facetRowsOf } from "../../services/catalog/domain/facet-rows.ts";
import type { SearchableProduct } from "../../services/catalog/domain/search/index-terms.ts";
import { belonging } from "../../services/catalog/domain/search/searchable-product.ts";
import { nameKey } from "../../mixins/contract/name-key.ts";
import type { Row } from "../bench/data/bulk-insert.ts";
import { bulkInsert, origin } from "../bench/data/bulk-insert.ts";
import { idOf, madeAt } from "../bench/data/made-up-ids.ts";
import type { MadeProduct } from "./catalogue.ts";
import { productAt, searchableTexts } from "./catalogue.ts";
import { codedAttributes, departments } from "./vocabulary.ts";

const productsPerTransaction = 1000;

/** The id of product number `index`. */
export const productIdOf = (index: number) => idOf("product", index);

/** Fills an empty catalogue with products 0 to `count` − 1 and their categories, as the service would. */
export async function fillShop(database: Database, count: number): Promise<void> {
  await database.transaction(origin, async (tx) => addCategories(database, tx));
  await database.transaction(origin, async (tx) => addAttributes(database, tx));
  const index = new SearchIndex(database);
  for (let from = 0; from < count; from += productsPerTransaction) {
    const products = Array.from({ length: Math.min(productsPerTransaction, count - from) }, (_, nth) =>
      productAt(from + nth),
    );
    await database.transaction(origin, async (tx) => {
      await bulkInsert(database, "products", products.map(productRow), tx);
      await bulkInsert(database, "product_facets", products.flatMap(facetRows), tx);
      await index.write(
        new Map(products.map((product) => [productIdOf(product.index), searchable(product)])),
        tx,
      );
    });
  }
}

async function addCategories(database: Database, tx: Tx): Promise<void> {
  for (const [nth, { key, name, kinds }] of departments.entries()) {
    const id = idOf("category", nth);
    const same = { version: 1, created_at: madeAt(nth), updated_at: madeAt(nth) };
    // Shops name their categories in one language or in both.
    const named = nth % 2 === 0 ? name.join(" ") : `${name[0]} / ${name[1]}`;
    const row = {
      id,
      slug: key,
      name: named,
      name_key: nameKey(named),
      parent_id: null,
      path: `${key}/`,
      depth: 0,
    };
    await bulkInsert(database, "categories", [{ ...row, ...same }], tx);
    await indexNames(database, "category", id, [named], tx);
    const below = kinds.map((kind, at) => ({
      id: idOf("category", 1000 * (nth + 1) + at),
      slug: kind.key,
      name: kind.name[1],
      texts: JSON.stringify({ "zh-CN": { name: kind.name[0] } }),
      name_key: nameKey(kind.name[1]),
      parent_id: id,
      path: `${key}/${kind.key}/`,
      depth: 1,
      ...same,
    }));
    await bulkInsert(database, "categories", below, tx);
    for (const [at, category] of below.entries())
      await indexNames(database, "category", category.id, [...(kinds[at]?.name ?? [])], tx);
  }
}

async function addAttributes(database: Database, tx: Tx): Promise<void> {
  const repository = new AttributeRepository(database);
  for (const [nth, [code, { name, choices }]] of Object.entries(codedAttributes).entries())
    await repository.insert(
      {
        id: idOf("attribute", nth),
        code,
        name,
        texts: {},
        kind: "choice",
        unit: null,
        choices: Object.entries(choices).map(([choice, [zh, en]]) => ({
          code: choice,
          label: en,
          texts: { "zh-CN": { label: zh } },
        })),
        filterable: true,
        localized: false,
        version: 1,
        createdAt: madeAt(nth),
        updatedAt: madeAt(nth),
      },
      tx,
    );
}

function facetRows({ index, coded }: MadeProduct): Row[] {
  const facets = facetRowsOf({ typeId: null, brandId: null, merchantId: null, tags: [], attributes: coded });
  return facets.map((row) => ({ product_id: productIdOf(index), ...row }));
}

function searchable(product: MadeProduct): SearchableProduct {
  const its = { categoryId: categoryIdOf(product), brandId: null, typeId: null, tags: [] };
  return {
    ...searchableTexts(product),
    ...belonging({ status: "published", ...its, attributes: product.coded }),
  };
}

function categoryIdOf({ department, kind }: MadeProduct): string {
  return idOf("category", 1000 * (departments.indexOf(department) + 1) + department.kinds.indexOf(kind));
}

function productRow(product: MadeProduct): Row {
  const at = madeAt(product.index);
  const name = product.name[product.index % 2] ?? "";
  return {
    id: productIdOf(product.index),
    slug: `product-${product.index}`,
    name,
    name_key: nameKey(name),
    description: product.description[product.index % 2] ?? "",
    status: "published",
    category_id: categoryIdOf(product),
    attributes: JSON.stringify(product.coded),
    price_from: 1000 + ((product.index * 37) % 90_000),
    variant_count: 1,
    stocked_variants: 1,
    in_stock: 1,
    version: 1,
    created_at: at,
    updated_at: at,
  };
}
