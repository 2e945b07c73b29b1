import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { PoolConnection } from "mysql2/promise";
import { problem } from "./problem.ts";
import { change, rowsOf, transaction } from "./sql.ts";

const lifetimeMs = 30 * 24 * 3600 * 1000;

export interface CartLine {
  id: string;
  variant_id: string;
  quantity: number;
  price_minor: number;
  product_id: string;
  slug: string;
  name: string;
  sku: string;
  options: string;
  price: number;
  available: number;
}

interface CartRow {
  id: string;
  version: number;
  created_at: number;
  updated_at: number;
  expires_at: number;
}

const linesOf = `SELECT i.id, i.variant_id, i.quantity, i.price_minor, p.id AS product_id, p.slug, p.name, v.sku, v.options, v.price, s.on_hand AS available
  FROM floor_cart_items i JOIN floor_variants v ON v.id = i.variant_id JOIN floor_products p ON p.id = v.product_id
  JOIN floor_stock s ON s.variant_id = v.id WHERE i.cart_id = ?`;
const theCart =
  "SELECT id, version, created_at, updated_at, expires_at FROM floor_carts WHERE id = ? AND token_hash = ? AND expires_at > ?";

export async function createCart() {
  const token = randomBytes(32).toString("base64url");
  const now = Date.now();
  const cart = {
    id: randomUUID(),
    version: 1,
    created_at: now,
    updated_at: now,
    expires_at: now + lifetimeMs,
  };
  await transaction((connection) =>
    change(
      "INSERT INTO floor_carts (id, token_hash, version, created_at, updated_at, expires_at) VALUES (?, ?, 1, ?, ?, ?)",
      [cart.id, hashed(token), now, now, cart.expires_at],
      connection,
    ),
  );
  return { ...viewOf(cart, []), token };
}

export async function readCart(id: string, token: string) {
  const [cart] = await rowsOf<CartRow>(theCart, [id, hashed(token), Date.now()]);
  if (!cart) throw problem(404, "There is no such cart");
  return viewOf(cart, await rowsOf<CartLine>(linesOf, [id]));
}

export async function addToCart(id: string, token: string, variantId: string, quantity: number) {
  return transaction(async (connection) => {
    const now = Date.now();
    const cart = await lockCart(id, token, connection);
    const [variant] = await rowsOf<{ price: number }>(
      "SELECT v.price FROM floor_variants v JOIN floor_products p ON p.id = v.product_id WHERE v.id = ? AND p.status = 'published'",
      [variantId],
      connection,
    );
    if (!variant) throw problem(404, "Not on sale");
    await change(
      `INSERT INTO floor_cart_items (id, cart_id, variant_id, quantity, price_minor, currency) VALUES (?, ?, ?, ?, ?, 'GBP')
       ON DUPLICATE KEY UPDATE quantity = quantity + VALUES(quantity), price_minor = VALUES(price_minor)`,
      [randomUUID(), id, variantId, quantity, variant.price],
      connection,
    );
    await change(
      "UPDATE floor_carts SET version = version + 1, updated_at = ? WHERE id = ?",
      [now, id],
      connection,
    );
    return viewOf(
      { ...cart, version: cart.version + 1, updated_at: now },
      await rowsOf<CartLine>(linesOf, [id], connection),
    );
  });
}

export async function lockCart(id: string, token: string, connection: PoolConnection): Promise<CartRow> {
  const [cart] = await rowsOf<CartRow>(`${theCart} FOR UPDATE`, [id, hashed(token), Date.now()], connection);
  if (!cart) throw problem(404, "There is no such cart");
  return cart;
}

export async function linesOfCart(id: string, connection: PoolConnection): Promise<CartLine[]> {
  return rowsOf<CartLine>(`${linesOf} ORDER BY i.variant_id`, [id], connection);
}

function viewOf(cart: CartRow, lines: readonly CartLine[]) {
  const money = (amount: number) => ({ amount, currency: "GBP" });
  return {
    id: cart.id,
    owner: "guest",
    items: lines.map((line) => ({
      id: line.id,
      variantId: line.variant_id,
      quantity: line.quantity,
      state: line.available >= line.quantity ? "ok" : "short",
      productId: line.product_id,
      productSlug: line.slug,
      name: line.name,
      sku: line.sku,
      options: JSON.parse(line.options) as object,
      available: line.available,
      unitPrice: money(line.price),
      priceWhenAdded: money(line.price_minor),
      lineTotal: money(line.price * line.quantity),
    })),
    subtotal: money(lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0)),
    coupon: null,
    version: cart.version,
    createdAt: new Date(cart.created_at).toISOString(),
    updatedAt: new Date(cart.updated_at).toISOString(),
    expiresAt: new Date(cart.expires_at).toISOString(),
  };
}

function hashed(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
