import { expect, test } from "@jest/globals";
import { QueryTypes } from "sequelize";
import { Database } from "../../../mixins/database/database.ts";
import { migrator } from "../../../mixins/database/migrate.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { migrations } from "../../../services/catalog/data/migrations/index.ts";
import { SearchIndex } from "../../../services/catalog/data/search/search-index.ts";

test("an upgraded shop's products are indexed, also after a downgrade and another upgrade", async () => {
  const server = openSqlite(":memory:");
  const at = migrations.findIndex(({ name }) => name.startsWith("0012-search"));
  await (await migrator(server, migrations.slice(0, at))).up();
  // More than are filled in one go.
  const numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1099)";
  await server.query(
    `INSERT INTO products (id, slug, name, name_key, description, status, category_id, price_from, variant_count, version, created_at, updated_at)
     ${numbers} SELECT printf('p%05d', i), 'p' || i, '马克杯 Mug ' || i, 'p', 'Blue', 'published', NULL, 1, 1, 1, i, i FROM n`,
  );
  await server.query(
    `INSERT INTO variants (id, product_id, sku, options, price, version, created_at, updated_at)
     ${numbers} SELECT printf('v%05d', i), printf('p%05d', i), 'S-' || i, '{"size":"XL"}', 1, 1, i, i FROM n`,
  );
  await server.query(
    `INSERT INTO categories (id, slug, name, name_key, parent_id, path, depth, texts, version, created_at, updated_at)
     VALUES ('c1', 'mugs', 'Mugs', 'mugs', NULL, 'mugs/', 0, '{"zh-CN":{"name":"杯子"}}', 1, 1, 1)`,
  );
  const select = <R extends object>(sql: string) => server.query<R>(sql, { type: QueryTypes.SELECT });
  const indexed = async () => ({
    found: await select(
      "SELECT term, COUNT(*) AS products FROM search_postings WHERE term IN ('mug', 'xl', '克杯', 'blue', 's7') GROUP BY term ORDER BY term",
    ),
    words: await select("SELECT word FROM search_words WHERE word IN ('mug', 's7', '马') ORDER BY word"),
    names: await select("SELECT term FROM search_names WHERE term IN ('mug', '杯子') ORDER BY term"),
  });
  const expected = {
    found: [
      { term: "blue", products: 1100 },
      { term: "mug", products: 1100 },
      { term: "s7", products: 1 },
      { term: "xl", products: 1100 },
      { term: "克杯", products: 1100 },
    ],
    words: [{ word: "mug" }, { word: "s7" }],
    names: [{ term: "mug" }, { term: "杯子" }],
  };
  const steps = await migrator(server, migrations.slice(0, at + 1));
  await steps.up();
  expect(await indexed()).toEqual(expected);
  await steps.down();
  expect(await select("SELECT COUNT(*) AS terms FROM product_terms WHERE term = 'mug'")).toEqual([
    { terms: 1100 },
  ]);
  await steps.up();
  expect(await indexed()).toEqual(expected);

  await (await migrator(server, migrations)).up();
  expect(
    await select(
      "SELECT COUNT(*) AS products FROM search_candidates WHERE status = 'published' AND terms <> ''",
    ),
  ).toEqual([{ products: 1100 }]);

  // A node of the version before changes a product and adds one.
  await server.query("UPDATE products SET name = 'Cup' WHERE id = 'p00007'");
  await server.query("UPDATE variants SET product_id = 'p00009' WHERE id = 'v00008'");
  await (await migrator(server, migrations)).up();
  const index = new SearchIndex(new Database(server));
  expect(await index.misindexed("", 5000)).toEqual({ ids: ["p00007", "p00008", "p00009"], last: "p01099" });
  await server.close();
});
