import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Database } from "../../../mixins/database/database.ts";
import { FacetCounts } from "../../../services/catalog/data/facets/facet-counts.ts";
import type { ProductFilter } from "../../../services/catalog/data/product-filters.ts";
import type { FacetFilter } from "../../../services/catalog/domain/facet-query.ts";
import { facetRowsOf } from "../../../services/catalog/domain/facet-rows.ts";
import { bulkInsert, origin } from "../../bench/data/bulk-insert.ts";
import { idOf } from "../../bench/data/made-up-ids.ts";
import { openCatalogue } from "../../search/open-catalogue.ts";

const products = 400;
/** One more than are counted. */
const many = 5001;
const everything: ProductFilter = {
  status: "published",
  matching: [],
  category: undefined,
  collectionId: undefined,
  minPrice: undefined,
  maxPrice: undefined,
  inStock: undefined,
  facets: [],
};
const counted = [
  ...["brand", "tag", "category", "attr.colour", "attr.sizes"].map((facet) => ({ facet, isRange: false })),
  ...["price", "attr.weight", "attr.day"].map((facet) => ({ facet, isRange: true })),
];

let small: Database;
let large: Database;
beforeAll(async () => {
  [small, large] = await Promise.all([shopOf(products), shopOf(many)]);
}, 60_000);
afterAll(() => Promise.all([small, large].map((database) => database?.sequelize.close())));

const values = (facet: string, choices: readonly string[]) =>
  fc
    .uniqueArray(fc.constantFrom(...choices), { minLength: 1, maxLength: 3 })
    .map((chosen): FacetFilter => ({ facet, values: chosen }));
const chosenFacets = fc
  .tuple(
    fc.option(values("attr.colour", ["red", "blue", "green"])),
    fc.option(values("attr.sizes", ["s0", "s1", "s2", "s3"])),
    fc.option(values("tag", ["t0", "t1", "t2"])),
    fc.option(
      fc
        .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))
        .map(([from, to]): FacetFilter => ({ facet: "attr.weight", column: "number", from, to })),
    ),
    fc.option(
      fc
        .integer({ min: 1, max: 28 })
        .map((day): FacetFilter => ({ facet: "attr.day", column: "value", from: dayOf(day), to: undefined })),
    ),
  )
  .map((all) => all.filter((one) => one !== null));
const prices = fc.option(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 10, max: 40 })));

test("counts are those of the index of facets, each facet without what is chosen of it", async () => {
  const facetCounts = new FacetCounts(small);
  await fc.assert(
    fc.asyncProperty(chosenFacets, prices, async (facets, price) => {
      const [minPrice, maxPrice] = price ?? [undefined, undefined];
      const filter = { ...everything, facets, minPrice, maxPrice };
      const counts = await facetCounts.count(filter, counted);
      for (const { facet, isRange } of counted) {
        if (facet === "category") continue;
        const count = counts.get(facet);
        expect(count?.isExact).toBe(true);
        const expected = await fromTheIndex(filter, facet, isRange);
        if (isRange) expect(count?.range).toEqual(expected);
        else expect(count?.values).toEqual(expected);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("more products than are counted make lower bounds, and say so", async () => {
  const facetCounts = new FacetCounts(large);
  const whole = await facetCounts.count(everything, counted);
  expect([...whole.values()].map(({ isExact }) => isExact)).toEqual(counted.map(() => false));
  const red: FacetFilter = { facet: "attr.colour", values: ["red"] };
  const narrowed = await facetCounts.count({ ...everything, facets: [red] }, counted);
  // The other colours are counted in the whole shop.
  expect([...narrowed].filter(([, { isExact }]) => !isExact).map(([facet]) => facet)).toEqual([
    "attr.colour",
  ]);
});

test("a list is read once for all facets that its smallest filter serves", async () => {
  const statements: string[] = [];
  const watched = new Proxy(small, {
    get: (target, key) =>
      key === "select"
        ? (sql: string, its: never[]) => {
            statements.push(sql);
            return target.select(sql, its);
          }
        : Reflect.get(target, key, target),
  });
  const facets: FacetFilter[] = [
    { facet: "attr.colour", values: ["red"] },
    { facet: "tag", values: ["t1"] },
    { facet: "attr.sizes", values: ["s1"] },
  ];
  await new FacetCounts(watched).count({ ...everything, facets }, counted);
  // Sizes of the filters, the products of the smallest one, and those of the second smallest for its facet.
  expect(statements).toHaveLength(3);
});

function dayOf(day: number): string {
  return `2026-01-${String(day).padStart(2, "0")}`;
}

async function shopOf(count: number): Promise<Database> {
  const database = await openCatalogue();
  await database.transaction(origin, async (tx) => {
    const made = Array.from({ length: count }, (_, index) => ({
      id: idOf("product", index),
      typeId: null,
      brandId: index % 5 === 0 ? null : idOf("brand", index % 4),
      tags: index % 3 === 0 ? [] : [`t${index % 3}`, `t${index % 2}`],
      attributes: {
        colour: ["red", "blue", "green"][index % 3] ?? "",
        sizes: [`s${index % 4}`, `s${index % 3}`],
        ...(index % 7 === 0 ? {} : { weight: index % 31, day: dayOf((index % 28) + 1) }),
      },
    }));
    await bulkInsert(
      database,
      "products",
      made.map(({ id, brandId, tags, attributes }, index) => ({
        id,
        slug: `p-${index}`,
        name: "x",
        name_key: "x",
        description: "",
        status: "published",
        category_id: idOf("category", index % 6),
        brand_id: brandId,
        tags: JSON.stringify(tags),
        attributes: JSON.stringify(attributes),
        price_from: index % 41,
        variant_count: index % 9 === 0 ? 0 : 1,
        stocked_variants: 1,
        in_stock: 1,
        version: 1,
        created_at: index,
        updated_at: index,
      })),
      tx,
    );
    const facets = made.flatMap((product) =>
      facetRowsOf({ ...product, merchantId: null }).map((row) => ({ product_id: product.id, ...row })),
    );
    await bulkInsert(database, "product_facets", facets, tx);
  });
  return database;
}

/** The same by statements over the index. */
async function fromTheIndex(
  { facets, minPrice, maxPrice }: ProductFilter,
  facet: string,
  isRange: boolean,
): Promise<unknown> {
  const others = facets.filter((one) => one.facet !== facet);
  const conditions = others.map((one) => {
    const [sql, ...its] =
      "values" in one
        ? [`value IN (${one.values.map(() => "?").join(", ")})`, ...one.values]
        : [`${one.column} >= ? AND ${one.column} <= ?`, one.from ?? "", one.to ?? "9999"];
    return {
      sql: `p.id IN (SELECT product_id FROM product_facets WHERE facet = ? AND ${sql})`,
      values: [one.facet, ...its],
    };
  });
  if (facet !== "price" && minPrice !== undefined && maxPrice !== undefined)
    conditions.push({
      sql: "p.variant_count > 0 AND p.price_from BETWEEN ? AND ?",
      values: [minPrice, maxPrice] as never[],
    });
  const where = conditions.map(({ sql }) => ` AND ${sql}`).join("");
  const its = conditions.flatMap((condition) => condition.values);
  if (facet === "price")
    return (
      await small.select(
        `SELECT MIN(p.price_from) AS lowest, MAX(p.price_from) AS highest FROM products p WHERE p.variant_count > 0${where}`,
        its,
      )
    )[0];
  const column = facet === "attr.weight" ? "f.number" : "f.value";
  const from = `FROM products p JOIN product_facets f ON f.product_id = p.id AND f.facet = ? WHERE 1 = 1${where}`;
  if (isRange)
    return (
      await small.select(`SELECT MIN(${column}) AS lowest, MAX(${column}) AS highest ${from}`, [
        facet,
        ...its,
      ])
    )[0];
  return small.select(
    `SELECT f.value, COUNT(*) AS products ${from} GROUP BY f.value ORDER BY products DESC, f.value`,
    [facet, ...its],
  );
}
