import { createHash, randomUUID } from "node:crypto";
import { readToken } from "./tokens.ts";
import { linesOfCart, lockCart } from "./carts.ts";
import { problem } from "./problem.ts";
import { change, rowsOf, transaction } from "./sql.ts";

interface Purchase {
  cartId: string;
  total: { amount: number };
  shippingAddress: object;
}

/** Key, stock, order, lines and event in one transaction. */
export async function placeOrder(
  authorization: string | undefined,
  key: string,
  cartToken: string,
  purchase: Purchase,
): Promise<object> {
  const customer = readToken(authorization);
  const fingerprint = createHash("sha256").update(JSON.stringify(purchase)).digest("hex");
  const id = randomUUID();
  return transaction(async (connection) => {
    const [known] = await rowsOf<{ fingerprint: string; response: string }>(
      "SELECT fingerprint, response FROM floor_orders WHERE customer_id = ? AND idempotency_key = ?",
      [customer, key],
      connection,
    );
    if (known && known.fingerprint !== fingerprint) throw problem(422, "The key was used for something else");
    if (known) return JSON.parse(known.response) as object;
    await lockCart(purchase.cartId, cartToken, connection);
    const lines = await linesOfCart(purchase.cartId, connection);
    if (lines.length === 0) throw problem(409, "The cart is empty");
    for (const { variant_id, quantity } of lines) {
      const sql =
        "UPDATE floor_stock SET on_hand = on_hand - ?, reserved = reserved + ? WHERE variant_id = ? AND on_hand >= ?";
      if ((await change(sql, [quantity, quantity, variant_id, quantity], connection)) === 0)
        throw problem(409, "Stock is short");
    }
    const amount = lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
    if (amount !== purchase.total.amount) throw problem(409, "A price has changed");
    const now = Date.now();
    const order = {
      id,
      customerId: customer,
      status: "placed",
      total: { amount, currency: "GBP" },
      lines: lines.map(({ variant_id, sku, name, quantity, price }) => ({
        id: randomUUID(),
        variantId: variant_id,
        sku,
        name,
        quantity,
        unitPrice: price,
      })),
      shippingAddress: purchase.shippingAddress,
      placedAt: new Date(now).toISOString(),
    };
    await change(
      `INSERT INTO floor_orders (id, customer_id, idempotency_key, fingerprint, response, status, total, address, cart_id, version, placed_at)
       VALUES (?, ?, ?, ?, ?, 'placed', ?, ?, ?, 1, ?)`,
      [
        id,
        customer,
        key,
        fingerprint,
        JSON.stringify(order),
        amount,
        JSON.stringify(purchase.shippingAddress),
        purchase.cartId,
        now,
      ],
      connection,
    );
    const marks = lines.map(() => "(?, ?, ?, ?, ?, ?, ?, ?)").join(", ");
    await change(
      `INSERT INTO floor_order_lines (id, order_id, line_no, variant_id, sku, name, quantity, unit_price) VALUES ${marks}`,
      order.lines.flatMap((line, index) => [
        line.id,
        id,
        index,
        line.variantId,
        line.sku,
        line.name,
        line.quantity,
        line.unitPrice,
      ]),
      connection,
    );
    await change("DELETE FROM floor_cart_items WHERE cart_id = ?", [purchase.cartId], connection);
    await publish("order-placed", order, connection);
    return order;
  });
}

export async function payOrder(authorization: string | undefined, id: string): Promise<object> {
  readToken(authorization);
  return transaction(async (connection) => {
    const now = Date.now();
    const paid = await change(
      "UPDATE floor_orders SET status = 'paid', version = version + 1 WHERE id = ? AND status = 'placed'",
      [id],
      connection,
    );
    if (paid === 0) throw problem(409, "The order cannot be paid");
    const [order] = await rowsOf<{ total: number }>(
      "SELECT total FROM floor_orders WHERE id = ?",
      [id],
      connection,
    );
    const payment = {
      id: randomUUID(),
      orderId: id,
      amount: { amount: order?.total ?? 0, currency: "GBP" },
      paidAt: new Date(now).toISOString(),
    };
    await change(
      "INSERT INTO floor_payments (id, order_id, amount, paid_at) VALUES (?, ?, ?, ?)",
      [payment.id, id, payment.amount.amount, now],
      connection,
    );
    await publish("order-paid", payment, connection);
    return payment;
  });
}

async function publish(
  name: string,
  payload: object,
  connection: Parameters<typeof change>[2],
): Promise<void> {
  const id = randomUUID();
  const now = Date.now();
  await change(
    "INSERT INTO floor_outbox (id, envelope, status, due_at) VALUES (?, ?, 'waiting', ?)",
    [id, JSON.stringify({ id, name, occurredAt: now, payload }), now],
    connection,
  );
}
