import {
  candidateRow,
  documentRow,
  indexed,
  postingRows,
} from "../../../services/catalog/data/search/search-index.ts";
import { searchableProduct } from "../../../services/catalog/domain/search/searchable-product.ts";
import type { Product } from "../../../services/catalog/domain/product.ts";
import { nameKey } from "../../../mixins/contract/name-key.ts";
import type { Database } from "../../../mixins/database/database.ts";
import type { Row } from "./bulk-insert.ts";
import { fill } from "./bulk-insert.ts";
import { idOf, madeAt } from "./made-up-ids.ts";

/**
 * A deterministic catalogue as rows of the catalog service's tables. Products have two variants; those of
 * product 5 are variants 10 and 11.
 */

const adjectives = [
  "plain",
  "small",
  "large",
  "blue",
  "green",
  "red",
  "striped",
  "woven",
  "heavy",
  "light",
  "round",
  "square",
];
const materials = [
  "cotton",
  "oak",
  "steel",
  "glass",
  "wool",
  "linen",
  "copper",
  "paper",
  "clay",
  "cork",
  "leather",
];
const things = [
  "mug",
  "bowl",
  "lamp",
  "rug",
  "shirt",
  "pot",
  "pen",
  "notebook",
  "scarf",
  "basket",
  "tray",
  "chair",
  "clock",
];
const categoryCount = 100;
export const variantsPerProduct = 2;
/** Stock per variant that no run exhausts. */
const plenty = 1_000_000_000;
const description =
  "Made to last, from materials that are easy to care for, by people who like what they do. Its size and weight are given by the maker and may differ a little from one piece to the next.";

export interface SoldVariant {
  readonly id: string;
  /** In minor units. */
  readonly price: number;
}

export function variantOf(index: number): SoldVariant {
  return { id: idOf("variant", index), price: 500 + ((index * 37) % 9500) };
}

export function slugOf(product: number): string {
  return `product-${product}`;
}

/** A word in the names of some products: of one in about fifty thousand when `rare`. */
export function wordOf(product: number, rare: boolean): string {
  return rare ? serial(product) : pick(materials, Math.floor(product / adjectives.length));
}

function categoryRows(index: number): Record<string, Row[]> {
  const at = madeAt(index);
  const slug = `category-${index}`;
  const same = {
    id: idOf("category", index),
    slug,
    name: `Category ${index}`,
    name_key: `category ${index}`,
    parent_id: null,
  };
  return {
    categories: [{ ...same, path: `${slug}/`, depth: 0, version: 1, created_at: at, updated_at: at }],
  };
}

type Belongings = Pick<Product, "categoryId" | "brandId" | "typeId" | "tags" | "attributes">;

/**
 * A product with its variants, their stock, and its search index.
 *
 * @param belongings in which the search index has it; its row has the category only
 */
export function productRows(
  index: number,
  belongings: Belongings = {
    categoryId: idOf("category", index % categoryCount),
    brandId: null,
    typeId: null,
    tags: [],
    attributes: {},
  },
): Record<string, Row[]> {
  const at = madeAt(index);
  const id = idOf("product", index);
  const words = [
    pick(adjectives, index),
    wordOf(index, false),
    pick(things, Math.floor(index / 132)),
    serial(index),
  ];
  const name = words.join(" ");
  const variants = Array.from({ length: variantsPerProduct }, (_, nth) => index * variantsPerProduct + nth);
  const options = variants.map((_, nth) => ({ size: nth === 0 ? "S" : "L" }));
  const skus = variants.map((variant) => `SKU-${variant}`);
  const found = indexed(
    id,
    searchableProduct(
      { name, description, texts: {}, status: "published", ...belongings },
      skus.map((sku, nth) => ({ sku, options: options[nth] ?? {} })),
    ),
  );
  const doc = index + 1;
  const prices = variants.map((variant) => variantOf(variant).price);
  const times = { created_at: at, updated_at: at };
  return {
    products: [
      {
        id,
        slug: slugOf(index),
        name,
        name_key: nameKey(name),
        description,
        status: "published",
        category_id: belongings.categoryId,
        price_from: Math.min(...prices),
        cheapest_variant_id: idOf("variant", variants[prices.indexOf(Math.min(...prices))] ?? 0),
        variant_count: variants.length,
        stocked_variants: variants.length,
        in_stock: 1,
        version: 1,
        ...times,
      },
    ],
    variants: variants.map((variant, nth) => ({
      id: idOf("variant", variant),
      product_id: id,
      sku: skus[nth] ?? "",
      options: JSON.stringify(options[nth]),
      price: prices[nth] ?? 0,
      weight_grams: 300,
      version: 1,
      ...times,
    })),
    stock: variants.map((variant) => ({
      variant_id: idOf("variant", variant),
      on_hand: plenty,
      reserved: 0,
      sold: 0,
      returned: 0,
      received: plenty,
    })),
    stock_movements: variants.map((variant) => ({
      id: idOf("movement", variant),
      variant_id: idOf("variant", variant),
      kind: "receive",
      quantity: plenty,
      reason: "opening stock",
      order_id: null,
      actor: "system:bench",
      created_at: at,
    })),
    search_documents: [{ id: doc, ...documentRow(found) }],
    search_postings: postingRows(doc, found),
    search_candidates: [candidateRow(doc, found)],
    search_words: [{ word: serial(index) }],
  };
}

/** Letters only, so that it is one word. */
function serial(index: number): string {
  return `no${index.toString(26).replaceAll(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "")}`;
}

function pick<T>(choices: readonly T[], index: number): T {
  const chosen = choices[index % choices.length];
  if (chosen === undefined) throw new Error("there is nothing to choose from");
  return chosen;
}

/** Fills an empty catalogue with products and their categories. */
export async function fillCatalogue(database: Database, products: number): Promise<void> {
  await fill(database, categoryCount, categoryRows);
  await fill(database, products, productRows);
}
