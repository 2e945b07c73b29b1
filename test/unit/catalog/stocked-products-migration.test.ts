import { expect, test } from "@jest/globals";
import { QueryTypes } from "sequelize";
import { migrator } from "../../../mixins/database/migrate.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { catalogue } from "../../../services/catalog/data/migrations/0001-catalogue.ts";
import { stockedProducts } from "../../../services/catalog/data/migrations/0005-stocked-products.ts";

test("an upgraded shop's products have correct stock flags, also after a downgrade and another upgrade", async () => {
  const server = openSqlite(":memory:");
  await (await migrator(server, [catalogue])).up();
  // More than are counted in one go; of product n, n % 3 variants are in stock.
  const numbers = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2099)";
  const columns =
    "(id, slug, name, name_key, description, status, category_id, price_from, variant_count, version, created_at, updated_at)";
  await server.query(
    `INSERT INTO products ${columns} ${numbers} SELECT printf('p%05d', i), 'p' || i, 'P', 'p', '', 'published', NULL, 1, 2, 1, i, i FROM n`,
  );
  for (const nth of [1, 2]) {
    await server.query(
      `INSERT INTO variants (id, product_id, sku, options, price, version, created_at, updated_at)
       ${numbers} SELECT printf('v%05d-${nth}', i), printf('p%05d', i), 'S${nth}-' || i, '{}', 1, 1, i, i FROM n`,
    );
    await server.query(
      `INSERT INTO stock (variant_id, on_hand, reserved, sold, returned, received)
       ${numbers} SELECT printf('v%05d-${nth}', i), i % 3 >= ${nth}, 0, 0, 0, i % 3 >= ${nth} FROM n`,
    );
  }
  const counts = () =>
    server.query(
      "SELECT stocked_variants AS variants, in_stock AS stocked, COUNT(*) AS products FROM products GROUP BY 1, 2 ORDER BY 1",
      { type: QueryTypes.SELECT },
    );
  const indexes = () =>
    server.query(
      "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'products' ORDER BY name",
      { type: QueryTypes.SELECT },
    );
  const before = await indexes();
  const steps = await migrator(server, [catalogue, stockedProducts]);
  const expected = [
    { variants: 0, stocked: 0, products: 700 },
    { variants: 1, stocked: 1, products: 700 },
    { variants: 2, stocked: 1, products: 700 },
  ];
  await steps.up();
  expect(await counts()).toEqual(expected);
  await steps.down();
  expect(await indexes()).toEqual(before);
  await steps.up();
  expect(await counts()).toEqual(expected);
  await server.close();
});
