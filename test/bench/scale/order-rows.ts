import type { Row } from "../data/bulk-insert.ts";
import { variantOf, variantsPerProduct } from "../data/catalogue.ts";
import { idOf, madeAt } from "../data/made-up-ids.ts";
import type { Size } from "./sizes.ts";

/** Years of sales: orders of two lines with their rows. */

const address = JSON.stringify({
  name: "Ada Lovelace",
  line1: "1 Mill Lane",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
});
/** Distribution of statuses over ten orders. */
export const statuses = [
  "paid",
  "packed",
  "shipped",
  "delivered",
  "delivered",
  "delivered",
  "delivered",
  "delivered",
  "delivered",
  "delivered",
] as const;
const steps = ["placed", "paid", "shipped"] as const;

const linesOf = (order: number, { variants }: Size) => [order, (order + 1) % variants];

/** Number of the n-th order's customer. */
export const customerOf = (order: number, { customers }: Size) => order % customers;

export function orderRows(index: number, size: Size): Record<string, Row[]> {
  const id = idOf("order", index);
  const variants = linesOf(index, size);
  const prices = variants.map((variant) => variantOf(variant).price);
  const total = prices.reduce((sum, price) => sum + price, 0);
  const at = madeAt(index);
  const customer = idOf("user", customerOf(index, size));
  const sums = {
    subtotal: total,
    discount: 0,
    shipping: 0,
    tax: Math.round(total / 6),
    tax_rate: 2000,
    total,
    refunded: 0,
  };
  const status = statuses[index % statuses.length] ?? "paid";
  const updated_at = at + steps.length - 1;
  const same = {
    currency: "GBP",
    pay_before: null,
    placed_at: at,
    updated_at,
    address,
    note: null,
    version: steps.length,
  };
  return {
    orders: [
      {
        id,
        number: `M${String(index).padStart(8, "0")}`,
        customer_id: customer,
        status,
        ...sums,
        ...same,
        coupon_code: null,
        cart_id: idOf("cart", index),
      },
    ],
    order_lines: variants.map((variant, line_no) => ({
      id: idOf("line", 2 * index + line_no),
      order_id: id,
      line_no,
      variant_id: idOf("variant", variant),
      product_id: idOf("product", Math.floor(variant / variantsPerProduct)),
      sku: `SKU-${variant}`,
      name: "blue woven basket",
      options: '{"size":"S"}',
      quantity: 1,
      returned_quantity: 0,
      unit_price: prices[line_no] ?? 0,
    })),
    order_parts: [
      {
        id,
        order_id: id,
        merchant_id: null,
        status,
        subtotal: total,
        discount: 0,
        shipping: 0,
        tax: sums.tax,
        total,
        refunded: 0,
        placed_at: at,
        receivable_since: status === "shipped" || status === "delivered" ? updated_at : null,
        received_at: null,
      },
    ],
    ordered_carts: [{ cart_id: idOf("cart", index), cart_version: 3, order_id: id }],
    payments: [
      {
        id: idOf("payment", index),
        order_id: id,
        provider: "manual",
        status: "succeeded",
        reference: `manual-${index}`,
        amount: total,
        currency: "GBP",
        refunded: 0,
        failure: null,
        received_amount: null,
        received_currency: null,
        started_at: at,
        paid_at: at,
      },
    ],
    timeline: steps.map((event, nth) => ({
      id: idOf("step", index * steps.length + nth),
      order_id: id,
      order_version: nth + 1,
      event,
      actor: `user:${customer}`,
      reason: null,
      happened_at: at + nth,
      parts_due: 0,
    })),
  };
}

/** The catalogue's rows of the same orders. */
export function reservationRows(index: number, size: Size): Record<string, Row[]> {
  const at = madeAt(index);
  const order_id = idOf("order", index);
  return {
    reservations: [{ order_id, status: "sold", lease_until: at, created_at: at, updated_at: at }],
    reservation_lines: linesOf(index, size).map((variant, position) => ({
      order_id,
      variant_id: idOf("variant", variant),
      position,
      quantity: 1,
      unit_price: variantOf(variant).price,
      returned: 0,
    })),
  };
}
