import { describe, expect, test } from "@jest/globals";
import type { Known } from "../../../services/catalog/domain/import-plan.ts";
import { planImport } from "../../../services/catalog/domain/import-plan.ts";
import type { ImportRow } from "../../../services/catalog/domain/import-row.ts";

const born = { version: 3, createdAt: 1, updatedAt: 1 };
const mug = { id: "p1", slug: "mug", name: "Mug", description: "", status: "published", categoryId: null, ...born } as const;
const red = { id: "v1", productId: "p1", sku: "M-RED", options: { colour: "red" }, price: 1000, weightGrams: null, ...born };
const known: Known = {
  products: [{ ...mug, variantCount: 1 }],
  variants: [red],
  categories: new Map([["kitchen", "c1"]]),
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
  test("what is new is created with its variants, and received once", () => {
    const { products, variants, received, outcomes } = plan([
      { product: "bowl", name: "Bowl", category: "kitchen", sku: "B-1", price: 500, stock: 4 },
      { product: "bowl", sku: "B-2", price: 600 },
    ]);
    expect(products).toEqual([
      { before: undefined, after: expect.objectContaining({ id: "new1", slug: "bowl", status: "draft", categoryId: "c1", version: 1 }) },
    ]);
    expect(variants.map(({ after }) => [after.sku, after.productId])).toEqual([["B-1", "new1"], ["B-2", "new1"]]);
    expect([...received]).toEqual([["new2", 4]]);
    expect(outcomes).toEqual({ created: 2, updated: 0, unchanged: 0, failed: 0 });
  });

  test("what exists is changed to a next version, one for all rows of a batch", () => {
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
      [{ product: "mug", sku: "M-2", price: 1 }, { product: "mug", sku: "M-3", price: 1 }],
      { known: full },
    );
    expect(errors).toEqual([expect.objectContaining({ row: 2, field: "sku", code: "limit-reached" })]);
    expect(outcomes).toMatchObject({ created: 1, failed: 1 });
  });

  test("who may not receive stock can still make variants without it", () => {
    const rows = [{ product: "mug", sku: "M-2", price: 1, stock: 1 }, { product: "mug", sku: "M-3", price: 1, stock: 0 }];
    const { errors, variants } = plan(rows, { mayReceive: false });
    expect(errors).toEqual([expect.objectContaining({ row: 1, field: "stock", code: "forbidden" })]);
    expect(variants).toHaveLength(1);
  });
});
