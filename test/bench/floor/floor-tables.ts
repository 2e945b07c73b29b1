import type { Database, Tx } from "../../../mixins/database/database.ts";
import { fill, origin } from "../data/bulk-insert.ts";
import { productRows } from "../data/catalogue.ts";

/** The tables that the baseline needs, with the shop's columns and the indexes of its queries. */
const tables = [
  `products (id CHAR(36) PRIMARY KEY, slug VARCHAR(120) BINARY NOT NULL UNIQUE, name VARCHAR(200) NOT NULL, name_key VARCHAR(200) BINARY NOT NULL,
   description TEXT NOT NULL, status VARCHAR(10) NOT NULL, category_id CHAR(36), price_from INT NOT NULL,
   cheapest_variant_id CHAR(36) NOT NULL, variant_count INT NOT NULL,
   stocked_variants INT NOT NULL, in_stock TINYINT NOT NULL,
   version INT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
   INDEX by_age (status, created_at, id), INDEX by_price (status, price_from, id))`,
  `variants (id CHAR(36) PRIMARY KEY, product_id CHAR(36) NOT NULL, sku VARCHAR(64) BINARY NOT NULL UNIQUE, options TEXT NOT NULL, price INT NOT NULL,
   weight_grams INT, version INT NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, INDEX of_product (product_id, created_at, id))`,
  `stock (variant_id CHAR(36) PRIMARY KEY, on_hand BIGINT NOT NULL, reserved BIGINT NOT NULL, sold BIGINT NOT NULL, returned BIGINT NOT NULL,
   received BIGINT NOT NULL, CHECK (on_hand >= 0), CHECK (on_hand + reserved + sold - returned = received))`,
  `carts (id CHAR(36) PRIMARY KEY, customer_id CHAR(36) UNIQUE, token_hash CHAR(64), coupon_code VARCHAR(40), version INT NOT NULL,
   created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)`,
  `cart_items (id CHAR(36) PRIMARY KEY, cart_id CHAR(36) NOT NULL, variant_id CHAR(36) NOT NULL, quantity INT NOT NULL, price_minor BIGINT NOT NULL,
   currency CHAR(3) NOT NULL, UNIQUE of_cart (cart_id, variant_id))`,
  `orders (id CHAR(36) PRIMARY KEY, customer_id CHAR(36) NOT NULL, idempotency_key VARCHAR(255) BINARY NOT NULL, fingerprint CHAR(64) NOT NULL,
   response MEDIUMTEXT, status VARCHAR(10) NOT NULL, total BIGINT NOT NULL, address TEXT NOT NULL, cart_id CHAR(36) NOT NULL, version INT NOT NULL,
   placed_at BIGINT NOT NULL, UNIQUE by_key (customer_id, idempotency_key), INDEX of_customer (customer_id, placed_at, id), INDEX by_status (status, placed_at, id))`,
  `order_lines (id CHAR(36) PRIMARY KEY, order_id CHAR(36) NOT NULL, line_no INT NOT NULL, variant_id CHAR(36) NOT NULL, sku VARCHAR(64) NOT NULL,
   name VARCHAR(200) NOT NULL, quantity INT NOT NULL, unit_price BIGINT NOT NULL, UNIQUE of_order (order_id, line_no))`,
  `payments (id CHAR(36) PRIMARY KEY, order_id CHAR(36) NOT NULL UNIQUE, amount BIGINT NOT NULL, paid_at BIGINT NOT NULL)`,
  `outbox (id CHAR(36) PRIMARY KEY, envelope MEDIUMTEXT NOT NULL, status VARCHAR(10) NOT NULL, due_at BIGINT NOT NULL, INDEX due (status, due_at, id))`,
];
const catalogueTables = ["products", "variants", "stock"] as const;
export const floorPrefix = "floor_";

/** Creates the baseline's tables, with the same catalogue as the shop. */
export async function prepareFloor(database: Database, products: number): Promise<void> {
  await database.transaction(origin, (tx) => makeTables(database, tx));
  await fill(database, products, (index) => {
    const rows = productRows(index);
    return Object.fromEntries(catalogueTables.map((table) => [floorPrefix + table, rows[table] ?? []]));
  });
}

async function makeTables(database: Database, tx: Tx): Promise<void> {
  for (const table of tables) {
    const [name = ""] = table.split(" ");
    await database.execute(`DROP TABLE IF EXISTS ${floorPrefix}${name}`, [], tx);
    await database.execute(`CREATE TABLE ${floorPrefix}${table} CHARACTER SET utf8mb4`, [], tx);
  }
}
