import type { Database, SqlValue, Tx } from "../../../mixins/database/database.ts";
import { updateRows } from "../../../mixins/database/query/update-rows.ts";
import type { CartAccess } from "../cart-access.ts";
import type { Cart, CartItem } from "../domain/cart.ts";

/** A cart joined with one item, or with none. */
type CartRow = {
  id: string;
  customer_id: string | null;
  coupon_code: string | null;
  version: number;
  created_at: number;
  updated_at: number;
  expires_at: number;
  item_id: string | null;
  variant_id: string;
  quantity: number;
  price_minor: number;
  currency: string;
};

const columns = `c.id, c.customer_id, c.coupon_code, c.version, c.created_at, c.updated_at, c.expires_at,
                 i.id AS item_id, i.variant_id, i.quantity, i.price_minor, i.currency`;

/**
 * Carts with their items, read in one statement so that items and version are consistent. Changing items
 * requires the lock on the cart's row. Expired carts are filtered before their removal.
 */
export class CartRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(id: string, access: CartAccess, now: number, tx?: Tx): Promise<Cart | undefined> {
    if (access === "anyone's") return this.#one("c.id = ? AND c.expires_at > ?", [id, now], tx);
    return this.#one(
      "c.id = ? AND c.expires_at > ? AND (c.customer_id = ? OR (c.customer_id IS NULL AND c.token_hash = ?))",
      [id, now, access.customerId, access.tokenHash],
      tx,
    );
  }

  async ofCustomer(customerId: string, now: number, tx?: Tx): Promise<Cart | undefined> {
    return this.#one("c.customer_id = ? AND c.expires_at > ?", [customerId, now], tx);
  }

  /** As `find`, and locks the cart until the transaction ends. */
  async lock(id: string, access: CartAccess, now: number, tx: Tx): Promise<Cart | undefined> {
    await this.#lockRow("id = ?", id, tx);
    return this.find(id, access, now, tx);
  }

  /** As `ofCustomer`, and locks the cart until the transaction ends. */
  async lockOfCustomer(customerId: string, now: number, tx: Tx): Promise<Cart | undefined> {
    await this.#lockRow("customer_id = ?", customerId, tx);
    return this.ofCustomer(customerId, now, tx);
  }

  /** Existing carts of the given ids, locked until the transaction ends. */
  async lockMany(ids: readonly string[], now: number, tx: Tx): Promise<Cart[]> {
    const sql = `SELECT id FROM carts WHERE id IN (?) ORDER BY id${this.#database.forUpdate}`;
    await this.#database.select(sql, [ids], tx);
    const rows = await this.#rows("c.id IN (?) AND c.expires_at > ?", [ids, now], tx);
    return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((itsRows) => fromRows(itsRows) ?? []);
  }

  async insertForGuest(cart: Cart, tokenHash: string, tx: Tx): Promise<void> {
    await this.#insertNew(cart, tokenHash, tx);
  }

  /** The customer's cart, locked; inserts `fresh` when there is none. Concurrent calls get the same cart. */
  async lockOrInsertForCustomer(customerId: string, fresh: Cart, now: number, tx: Tx): Promise<Cart> {
    const known = await this.lockOfCustomer(customerId, now, tx);
    if (known) return known;
    const expired = "SELECT id FROM carts WHERE customer_id = ? AND expires_at <= ?";
    const old = await this.#database.select<{ id: string }>(expired, [customerId, now], tx);
    await this.#removeAll(old, tx);
    await this.#insertNew(fresh, null, tx);
    const cart = await this.lockOfCustomer(customerId, now, tx);
    if (!cart) throw new Error(`failed to find or create the cart of customer ${customerId}`);
    return cart;
  }

  /** Saves the changes of a locked cart. */
  async save(before: Cart, after: Cart, tx: Tx): Promise<void> {
    if (after === before) return;
    const known = new Map(before.items.map((item) => [item.id, item]));
    const remainingIds = new Set(after.items.map(({ id }) => id));
    const removedIds = before.items.filter(({ id }) => !remainingIds.has(id)).map(({ id }) => id);
    // Includes the cart's id: given item ids alone, MySQL scans a small table and waits for other
    // transactions' locks.
    if (removedIds.length > 0)
      await this.#database.execute(
        "DELETE FROM cart_items WHERE cart_id = ? AND id IN (?)",
        [after.id, removedIds],
        tx,
      );
    await this.#insertItems(
      after.id,
      after.items.filter(({ id }) => !known.has(id)),
      tx,
    );
    const changed = after.items.filter((item) => known.has(item.id) && known.get(item.id) !== item);
    const rows = changed.map(({ id, quantity, priceWhenAdded: { amount, currency } }) => ({
      id,
      quantity,
      price_minor: amount,
      currency,
    }));
    await updateRows(this.#database, "cart_items", rows, tx, { cart_id: after.id });
    await this.#database.execute(
      "UPDATE carts SET coupon_code = ?, version = ?, updated_at = ?, expires_at = ? WHERE id = ?",
      [after.couponCode, after.version, after.updatedAt, after.expiresAt, after.id],
      tx,
    );
  }

  /** Extends a cart's life; never shortens it, and does not revive an expired cart. */
  async renew(id: string, expiresAt: number, now: number, tx: Tx): Promise<void> {
    const sql = "UPDATE carts SET expires_at = ? WHERE id = ? AND expires_at > ? AND expires_at < ?";
    await this.#database.execute(sql, [expiresAt, id, now, expiresAt], tx);
  }

  /** Removes a locked cart with its items. */
  async remove(cart: Cart, tx: Tx): Promise<void> {
    await this.#removeAll([cart], tx);
  }

  /** Removes a customer's cart, if any, expired or not. */
  async removeOfCustomer(customerId: string, tx: Tx): Promise<void> {
    const sql = `SELECT id FROM carts WHERE customer_id = ?${this.#database.forUpdate}`;
    await this.#removeAll(await this.#database.select<{ id: string }>(sql, [customerId], tx), tx);
  }

  /**
   * Removes up to `limit` expired carts with their items.
   *
   * @returns how many
   */
  async removeExpired(now: number, limit: number, tx: Tx): Promise<number> {
    const sql = `SELECT id FROM carts WHERE expires_at <= ? ORDER BY expires_at LIMIT ?${this.#database.forUpdate}`;
    const expired = await this.#database.select<{ id: string }>(sql, [now, limit], tx);
    await this.#removeAll(expired, tx);
    return expired.length;
  }

  async #one(condition: string, values: readonly SqlValue[], tx?: Tx): Promise<Cart | undefined> {
    return fromRows(await this.#rows(condition, values, tx));
  }

  #rows(condition: string, values: readonly SqlValue[], tx?: Tx): Promise<CartRow[]> {
    const from = "carts c LEFT JOIN cart_items i ON i.cart_id = c.id";
    return this.#database.select<CartRow>(
      `SELECT ${columns} FROM ${from} WHERE ${condition} ORDER BY i.id`,
      values,
      tx,
    );
  }

  async #lockRow(condition: string, value: string, tx: Tx): Promise<void> {
    await this.#database.select(
      `SELECT id FROM carts WHERE ${condition}${this.#database.forUpdate}`,
      [value],
      tx,
    );
  }

  async #insertNew(cart: Cart, tokenHash: string | null, tx: Tx): Promise<void> {
    const row = {
      id: cart.id,
      customer_id: cart.customerId,
      token_hash: tokenHash,
      coupon_code: cart.couponCode,
      version: cart.version,
      created_at: cart.createdAt,
      updated_at: cart.updatedAt,
      expires_at: cart.expiresAt,
    };
    await this.#database.insertIfAbsent("carts", row, tx);
  }

  async #insertItems(cartId: string, items: readonly CartItem[], tx: Tx): Promise<void> {
    if (items.length === 0) return;
    const rows = items.map(() => "(?, ?, ?, ?, ?, ?)").join(", ");
    const values = items.flatMap(({ id, variantId, quantity, priceWhenAdded: { amount, currency } }) => [
      id,
      cartId,
      variantId,
      quantity,
      amount,
      currency,
    ]);
    const sql = `INSERT INTO cart_items (id, cart_id, variant_id, quantity, price_minor, currency) VALUES ${rows}`;
    await this.#database.execute(sql, values, tx);
  }

  /** Updates any number of items in one statement. */
  async #removeAll(carts: readonly { readonly id: string }[], tx: Tx): Promise<void> {
    if (carts.length === 0) return;
    const ids = carts.map(({ id }) => id);
    await this.#database.execute("DELETE FROM cart_items WHERE cart_id IN (?)", [ids], tx);
    await this.#database.execute("DELETE FROM carts WHERE id IN (?)", [ids], tx);
  }
}

function fromRows(rows: readonly CartRow[]): Cart | undefined {
  const [first] = rows;
  if (!first) return undefined;
  return {
    id: first.id,
    customerId: first.customer_id,
    couponCode: first.coupon_code,
    version: first.version,
    createdAt: first.created_at,
    updatedAt: first.updated_at,
    expiresAt: first.expires_at,
    items: rows.flatMap(itemOf),
  };
}

function itemOf(row: CartRow): CartItem[] {
  if (row.item_id === null) return [];
  const priceWhenAdded = { amount: row.price_minor, currency: row.currency };
  return [{ id: row.item_id, variantId: row.variant_id, quantity: row.quantity, priceWhenAdded }];
}
