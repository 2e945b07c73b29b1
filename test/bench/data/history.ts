import type { Database } from "../../../mixins/database/database.ts";
import { fill } from "./bulk-insert.ts";
import { variantOf } from "./catalogue.ts";
import { idOf, madeAt } from "./made-up-ids.ts";

/** Years of a shop's history as rows of its services' tables. */

const customers = 1000;
const statuses = ["placed", "paid", "shipped", "delivered", "cancelled", "expired"] as const;
const address = JSON.stringify({
  name: "Ada",
  line1: "1 Mill Lane",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
});

/** Orders of two lines each, from a thousand customers. */
export async function growOrders(database: Database, count: number): Promise<void> {
  await fill(database, count, (index) => {
    const id = idOf("order", index);
    const lines = [index, index + 1].map((variant) => variantOf(variant));
    const total = lines.reduce((sum, { price }) => sum + price, 0);
    const at = madeAt(index);
    const sums = { subtotal: total, discount: 0, shipping: 0, tax: 0, total, refunded: 0 };
    const times = { pay_before: null, placed_at: at, updated_at: at };
    const status = statuses[index % statuses.length] ?? "paid";
    return {
      orders: [
        {
          id,
          number: `M${String(index).padStart(8, "0")}`,
          customer_id: idOf("user", index % customers),
          status,
          currency: "GBP",
          ...sums,
          ...times,
          address,
          note: null,
          cart_id: idOf("line", index),
          version: 1,
        },
      ],
      order_lines: lines.map(({ id: variant_id, price }, line_no) => ({
        id: idOf("line", 2 * index + line_no),
        order_id: id,
        line_no,
        variant_id,
        product_id: idOf("product", index),
        sku: `SKU-${index + line_no}`,
        name: "Thing",
        options: "{}",
        quantity: 1,
        returned_quantity: 0,
        unit_price: price,
      })),
    };
  });
}

/** Far beyond the chain's end, so that the trail continues undisturbed; these entries are not chained. */
const firstPosition = 1_000_000_000;
const noHash = "0".repeat(64);

/** Entries of orders in the audit trail. */
export async function growTrail(database: Database, count: number): Promise<void> {
  await fill(database, count, (index) => {
    const at = madeAt(index);
    const who = { actor_kind: "user", actor_id: idOf("user", index % customers) };
    const what = { type: "orders.placed", entity: "order", entity_id: idOf("order", index), details: "{}" };
    const chain = { position: firstPosition + index, previous_hash: noHash, hash: noHash };
    return {
      audit_events: [
        {
          id: idOf("audit", index),
          ...who,
          ...what,
          ...chain,
          request_id: "grown",
          occurred_at: at,
          recorded_at: at,
        },
      ],
    };
  });
}
