import { describe, expect, test } from "@jest/globals";
import type { AttributeDefinition } from "../../../services/catalog/domain/attribute.ts";
import type { Known } from "../../../services/catalog/domain/import-plan.ts";
import { planImport } from "../../../services/catalog/domain/import-plan.ts";
import { noDetails } from "../../../services/catalog/domain/product.ts";
import type { ImportRow } from "../../../services/catalog/domain/import-row.ts";

const born = { version: 3, createdAt: 1, updatedAt: 1 };
const mug = {
  id: "p1",
  slug: "mug",
  name: "Mug",
  description: "",
  status: "published",
  categoryId: null,
  ...noDetails,
  ...born,
} as const;
const attribute = { name: "", texts: {}, unit: null, choices: [], filterable: true, localized: false };
const choice = (code: string) => ({ code, label: code, texts: {} });
const material: AttributeDefinition = {
  ...attribute,
  code: "material",
  kind: "multiple-choice",
  choices: [choice("steel"), choice("glass")],
};
const weight: AttributeDefinition = { ...attribute, code: "weight", kind: "number" };
const lid: AttributeDefinition = { ...attribute, code: "lid", kind: "boolean" };
const cups = {
  id: "t1",
  slug: "cups",
  name: "Cups",
  texts: {},
  position: 0,
  attributes: [
    { code: "material", required: true },
    { code: "weight", required: false },
    { code: "lid", required: false },
  ],
  ...born,
};
const red = {
  id: "v1",
  productId: "p1",
  sku: "M-RED",
  options: { colour: "red" },
  price: 1000,
  weightGrams: null,
  ...born,
};
const known: Known = {
  products: [{ ...mug, variantCount: 1 }],
  variants: [red],
  categories: new Map([["kitchen", "c1"]]),
  merchants: new Map([["teapots", "e1"]]),
  brands: new Map([["acme", "b1"]]),
  types: new Map([["cups", cups]]),
  attributes: new Map([material, weight, lid].map((attribute) => [attribute.code, attribute])),
  isTranslated: (locale) => locale === "ja",
};

function plan(rows: Omit<ImportRow, "row">[], options: { known?: Known; mayReceive?: boolean } = {}) {
  let ids = 0;
  return planImport(
    rows.map((row, index) => ({ row: index + 1, ...row })),
    options.known ?? known,
    { now: 9, newId: () => `new${(ids += 1)}`, mayReceive: options.mayReceive ?? true },
  );
}

describe("planning an import", () => {
  test("new products are created with their variants, and their stock is received once", () => {
    const { products, variants, received, outcomes } = plan([
      { product: "bowl", name: "Bowl", category: "kitchen", sku: "B-1", price: 500, stock: 4 },
      { product: "bowl", sku: "B-2", price: 600 },
    ]);
    expect(products).toEqual([
      {
        before: undefined,
        after: expect.objectContaining({
          id: "new1",
          slug: "bowl",
          status: "draft",
          categoryId: "c1",
          version: 1,
        }),
      },
    ]);
    expect(variants.map(({ after }) => [after.sku, after.productId])).toEqual([
      ["B-1", "new1"],
      ["B-2", "new1"],
    ]);
    expect([...received]).toEqual([["new2", 4]]);
    expect(outcomes).toEqual({ created: 2, updated: 0, unchanged: 0, failed: 0 });
  });

  test("existing products get one new version for all rows of a batch", () => {
    const { products, variants, outcomes } = plan([
      { sku: "M-RED", price: 1100 },
      { sku: "M-RED", price: 1200, name: "Big mug", stock: 99 },
    ]);
    expect(products).toEqual([{ before: mug, after: { ...mug, name: "Big mug", version: 4, updatedAt: 9 } }]);
    expect(variants).toEqual([{ before: red, after: { ...red, price: 1200, version: 4, updatedAt: 9 } }]);
    expect(outcomes.updated).toBe(2);
  });

  test("the same again changes nothing, and brings no stock", () => {
    const { products, variants, received, outcomes } = plan([
      { product: "mug", name: "Mug", sku: "M-RED", price: 1000, options: { colour: "red" }, stock: 5 },
    ]);
    expect([products, variants, [...received]]).toEqual([[], [], []]);
    expect(outcomes).toEqual({ created: 0, updated: 0, unchanged: 1, failed: 0 });
  });

  test.each<[Omit<ImportRow, "row">, string, string]>([
    [{ sku: "NEW", price: 1 }, "product", "required"],
    [{ product: "bowl", sku: "B-1", price: 1 }, "name", "required"],
    [{ product: "bowl", name: "Bowl", sku: "M-RED" }, "sku", "already-exists"],
    [{ product: "mug", category: "nowhere" }, "category", "not-found"],
    [{ product: "mug", status: "draft" }, "status", "illegal-transition"],
    [{ product: "mug", sku: "M-BLUE" }, "price", "required"],
  ])("%j has a fault in %s: %s, and changes nothing", (row, field, code) => {
    const { products, variants, outcomes, errors } = plan([row]);
    expect(errors).toEqual([expect.objectContaining({ row: 1, field, code })]);
    expect([products, variants, outcomes.failed]).toEqual([[], [], 1]);
  });

  test("a product's variants have a limit, also within a file", () => {
    const full = { ...known, products: [{ ...mug, variantCount: 99 }] };
    const { errors, outcomes } = plan(
      [
        { product: "mug", sku: "M-2", price: 1 },
        { product: "mug", sku: "M-3", price: 1 },
      ],
      { known: full },
    );
    expect(errors).toEqual([expect.objectContaining({ row: 2, field: "sku", code: "limit-reached" })]);
    expect(outcomes).toMatchObject({ created: 1, failed: 1 });
  });

  test("who may not receive stock can still make variants without it", () => {
    const rows = [
      { product: "mug", sku: "M-2", price: 1, stock: 1 },
      { product: "mug", sku: "M-3", price: 1, stock: 0 },
    ];
    const { errors, variants } = plan(rows, { mayReceive: false });
    expect(errors).toEqual([expect.objectContaining({ row: 1, field: "stock", code: "forbidden" })]);
    expect(variants).toHaveLength(1);
  });

  test("details are changed where a row says so, and attributes are read as the type declares them", () => {
    const cells = { material: "steel|glass", weight: "-1.5", lid: "Yes" };
    const details = {
      brand: "acme",
      type: "cups",
      tags: ["new"],
      seoTitle: "Cup",
      texts: { ja: { name: "杯" } },
    };
    const { products, errors } = plan([
      { product: "mug", ...details, attributeCells: cells },
      { product: "mug", attributes: { lid: null }, texts: { ja: { description: "青" } } },
      { product: "mug", brand: null, seoTitle: null, tags: [] },
    ]);
    expect(errors).toEqual([]);
    expect(products[0]?.after).toMatchObject({
      typeId: "t1",
      brandId: null,
      attributes: { material: ["steel", "glass"], weight: -1.5 },
      tags: [],
      seo: {},
      texts: { ja: { name: "杯", description: "青" } },
    });
  });

  test.each<[Omit<ImportRow, "row">, string, string]>([
    [{ brand: "other" }, "brand", "not-found"],
    [{ type: "other" }, "type", "not-found"],
    [{ texts: { fr: { name: "Tasse" } } }, "texts.fr.name", "invalid-value"],
    [{ type: "cups" }, "attributes.material", "required"],
    [{ type: "cups", attributeCells: { material: "wood" } }, "attributes.material", "invalid-value"],
    [
      { type: "cups", attributeCells: { material: "steel", weight: "heavy" } },
      "attributes.weight",
      "invalid-type",
    ],
    [{ attributes: { material: ["steel"] } }, "attributes.material", "unknown-field"],
  ])("%j has a fault in %s: %s", (row, field, code) => {
    const { errors, products } = plan([{ product: "mug", ...row }]);
    expect(errors).toEqual([expect.objectContaining({ row: 1, field, code })]);
    expect(products).toEqual([]);
  });
});
