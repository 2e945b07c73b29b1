import { facetRowsOf } from "../../../services/catalog/domain/facet-rows.ts";
import type { Row } from "../data/bulk-insert.ts";
import { productRows, variantsPerProduct } from "../data/catalogue.ts";
import { idOf, madeAt } from "../data/made-up-ids.ts";
import type { Size } from "./sizes.ts";

/** A catalogue whose categories have the same size in large and small shops; their number grows. */

const productsPerShelf = 50;
export const departments = 10;
/** One product in this many is sold out. */
export const soldOutOneIn = 10;
/** Number of orders per variant. */
const soldOfEach = 2;

export const productsOf = ({ variants }: Size) => variants / variantsPerProduct;
export const shelvesOf = (size: Size) => productsOf(size) / productsPerShelf;
export const shelfSlug = (shelf: number) => `shelf-${shelf}`;
export const departmentSlug = (department: number) => `department-${department}`;

/** Departments first, then their subcategories. */
export function categoryRows(index: number): Record<string, Row[]> {
  const at = madeAt(index);
  const shelf = index - departments;
  const department = departmentSlug(shelf % departments);
  const [slug, path, parent] =
    shelf < 0
      ? [departmentSlug(index), `${departmentSlug(index)}/`, null]
      : [shelfSlug(shelf), `${department}/${shelfSlug(shelf)}/`, idOf("category", shelf % departments)];
  const same = { id: idOf("category", index), slug, name: slug, name_key: slug, parent_id: parent };
  return {
    categories: [{ ...same, path, depth: shelf < 0 ? 0 : 1, version: 1, created_at: at, updated_at: at }],
  };
}

/** Attributes by code, with the number of values that products have of each. */
export const attributeChoices = { colour: 12, material: 9, pattern: 5, origin: 20 } as const;
export const brands = 40;
const tags = 15;

/** What shoppers narrow lists by; the share of products with a value does not depend on the shop's size. */
export function belongingsOf(index: number, size: Size) {
  const nth = index * 7919;
  const choices = Object.entries(attributeChoices).map(([code, count], position) => [
    code,
    `${code}-${Math.floor(nth / (position + 1)) % count}`,
  ]);
  return {
    categoryId: idOf("category", departments + (index % shelvesOf(size))),
    brandId: idOf("brand", nth % brands),
    merchantId: size.merchants === 0 ? null : idOf("merchant", index % size.merchants),
    typeId: idOf("type", 0),
    tags: [`tag ${nth % tags}`],
    attributes: {
      ...(Object.fromEntries(choices) as Record<keyof typeof attributeChoices, string>),
      weight: nth % 500,
    },
  };
}

/** The type of all products, and its attributes. */
export function definitionRows(): Record<string, Row[]> {
  const same = { version: 1, created_at: madeAt(0), updated_at: madeAt(0) };
  const attribute = (code: string, nth: number, kind: string, choices: readonly string[]) => ({
    id: idOf("attribute", nth),
    code,
    name: code,
    kind,
    unit: kind === "number" ? "g" : null,
    choices: JSON.stringify(choices.map((choice) => ({ code: choice, label: choice, texts: {} }))),
    filterable: 1,
    localized: 0,
    ...same,
  });
  const codes = [...Object.keys(attributeChoices), "weight"];
  return {
    attributes: [
      ...Object.entries(attributeChoices).map(([code, count], nth) =>
        attribute(
          code,
          nth,
          "choice",
          Array.from({ length: count }, (_, choice) => `${code}-${choice}`),
        ),
      ),
      attribute("weight", codes.length - 1, "number", []),
    ],
    product_types: [
      {
        id: idOf("type", 0),
        slug: "goods",
        name: "Goods",
        position: 0,
        attributes: JSON.stringify(codes.map((code) => ({ code, required: false }))),
        ...same,
      },
    ],
    brands: Array.from({ length: brands }, (_, nth) => ({
      id: idOf("brand", nth),
      slug: brandSlug(nth),
      name: `Brand ${nth}`,
      name_key: `brand ${nth}`,
      description: "",
      ...same,
    })),
  };
}

/** As the catalogue copies them. */
export function merchantRows(index: number): Record<string, Row[]> {
  const slug = `merchant-${index}`;
  const merchant = { id: idOf("merchant", index), slug, name: `Merchant ${index}` };
  return { merchants: [{ ...merchant, status: "active", version: 1 }] };
}

export const brandSlug = (brand: number) => `brand-${brand}`;

/** Products with their variants, stock, terms and ledger. */
export function soldProductRows(index: number, size: Size): Record<string, Row[]> {
  const belongings = belongingsOf(index, size);
  const {
    products = [],
    variants = [],
    stock = [],
    stock_movements = [],
    ...search
  } = productRows(index, belongings);
  const soldOut = index % soldOutOneIn === 0;
  return {
    products: products.map((row) => ({
      ...row,
      brand_id: belongings.brandId,
      merchant_id: belongings.merchantId,
      type_id: belongings.typeId,
      tags: JSON.stringify(belongings.tags),
      attributes: JSON.stringify(belongings.attributes),
      ...(soldOut ? { stocked_variants: 0, in_stock: 0 } : {}),
    })),
    variants,
    stock: stock.map((row) => {
      const received = soldOut ? soldOfEach : Number(row["received"]);
      return { ...row, on_hand: received - soldOfEach, sold: soldOfEach, received };
    }),
    stock_movements: [
      ...stock_movements.map((row) => ({ ...row, quantity: soldOut ? soldOfEach : (row["quantity"] ?? 0) })),
      ...variants.flatMap((_, nth) => salesOf(index * variantsPerProduct + nth, size)),
    ],
    product_facets: facetRowsOf(belongings).map((row) => ({
      product_id: idOf("product", index),
      ...row,
    })),
    ...search,
  };
}

function salesOf(variant: number, { variants }: Size): Row[] {
  return Array.from({ length: soldOfEach }, (_, nth) => nth).flatMap((nth) =>
    ["reserve", "sell"].map((kind, step) => ({
      id: idOf("sale", variant * 2 * soldOfEach + 2 * nth + step),
      variant_id: idOf("variant", variant),
      kind,
      quantity: 1,
      reason: null,
      order_id: idOf("order", (variant - nth + variants) % variants),
      actor: "system:catalog",
      created_at: madeAt(variant),
    })),
  );
}
