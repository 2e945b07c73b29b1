import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { fill } from "../bench/data/bulk-insert.ts";
import { productRows } from "../bench/data/catalogue.ts";
import { growOrders } from "../bench/data/history.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import type { Scan } from "../support/query-plans.ts";
import { describeScans, scansInSqlite } from "../support/query-plans.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import type { RecordedStatement } from "../support/statements.ts";
import { statementsOf } from "../support/statements.ts";
import { planTour, stockLists } from "../support/tour-plans.ts";

/** More than are few: see `readKeysetPage`. */
const many = 1100;

let shop: Shop;
beforeAll(async () => {
  shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "1" } });
});
afterAll(() => shop?.stop());

const databaseOf = (name: string) =>
  (shop.broker.getLocalService(name) as Service & ServiceWithDatabase).database;
const scansOf = async (statement: RecordedStatement): Promise<Scan[]> =>
  scansInSqlite(statement, databaseOf(statement.service));

const onSqlite = Object.keys(clusterSettings()).length === 0 ? test : test.skip;

onSqlite(
  "SQLite reads no table as a whole that grows with the shop",
  async () => {
    await fill(databaseOf("catalog"), many, productRows);
    await growOrders(databaseOf("orders"), many);
    const { statements, scans } = await planTour(shop.broker, () => shop.settled(), scansOf);
    expect(statements).toBeGreaterThan(100);
    // A column without an index verifies that the check detects scans.
    const scan = {
      service: "catalog",
      sql: "SELECT id FROM products WHERE description = ?",
      values: ["x"],
      from: "here",
    };
    expect(await scansOf(scan)).toHaveLength(1);
    expect(describeScans(scans)).toEqual([]);
  },
  60_000,
);

onSqlite.each(stockLists)(
  "a list of products with %j is read along an index that knows what is in stock",
  async (asked) => {
    const [page] = await statementsOf(() => shop.call("catalog.products.list", asked));
    const steps = await databaseOf("catalog").select<{ detail: string }>(
      `EXPLAIN QUERY PLAN ${page?.sql}`,
      page?.values ?? [],
    );
    expect(steps.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^SEARCH p USING INDEX products_stocked_by_\w+ \(status=\? AND in_stock=\?\)$/),
      expect.stringMatching(/^SEARCH brand USING INDEX \w+ \(id=\?\) LEFT-JOIN$/),
      expect.stringMatching(/^SEARCH seller USING INDEX \w+ \(id=\?\) LEFT-JOIN$/),
    ]);
  },
);

onSqlite("the audit trail of one kind of thing is not sorted to be shown, however long it is", async () => {
  const sql = "SELECT id FROM audit_events WHERE entity = ? ORDER BY occurred_at DESC, id DESC LIMIT 21";
  const steps = await databaseOf("audit").select<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ["order"]);
  expect(steps.map(({ detail }) => detail)).toEqual([expect.stringContaining("audit_by_kind")]);
});

const reviewLists = (["helpful", "-helpful", "createdAt", "-createdAt"] as const).flatMap((sort) =>
  [{}, { rating: 5 }, { withPictures: true as const }].map((filter) => ({ ...filter, sort })),
);

onSqlite.each(reviewLists)(
  "reviews of a product and of a merchant are read along an index of their own for %j",
  async (asked) => {
    const { id } = await shop.call("catalog.products.create", {
      slug: newId(),
      name: "Mug",
      status: "published",
    });
    const statements = await statementsOf(async () => {
      await shop.call("reviews.products.list", { idOrSlug: id, ...asked });
      await shop.call("reviews.merchants.list", { merchantId: id, ...asked });
    });
    const pages = statements.filter(({ sql }) => sql.includes("FROM reviews"));
    const plans = await Promise.all(
      pages.map(({ sql, values }) =>
        databaseOf("reviews").select<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, values),
      ),
    );
    const filter = "rating" in asked ? "rating_" : "withPictures" in asked ? "is_pictured_" : "";
    const order = asked.sort.endsWith("helpful") ? "score" : "created_at";
    expect(plans.map((steps) => steps.map(({ detail }) => detail))).toEqual(
      ["product", "merchant"].map((whose) => [
        expect.stringContaining(`SEARCH reviews USING INDEX reviews_of_${whose}_by_${filter}${order} (`),
      ]),
    );
  },
);
