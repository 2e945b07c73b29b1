import type { Address } from "../../contract/fields.ts";
import type { Order, OrderLine, OrderWithLines } from "../domain/order.ts";
import type { OrderStatus } from "../domain/order-status.ts";

export type OrderRow = {
  id: string;
  number: string;
  customer_id: string;
  status: OrderStatus;
  currency: string;
  subtotal: number;
  discount: number;
  shipping: number;
  tax: number;
  tax_rate: number | null;
  total: number;
  refunded: number;
  pay_before: number | null;
  address: string;
  note: string | null;
  coupon_code: string | null;
  cart_id: string;
  version: number;
  placed_at: number;
  updated_at: number;
};

export type LineRow = {
  id: string;
  variant_id: string;
  product_id: string;
  sku: string;
  name: string;
  options: string;
  quantity: number;
  returned_quantity: number;
  withdrawn_quantity: number;
  packed_quantity: number;
  shipped_quantity: number;
  delivered_quantity: number;
  unit_price: number;
  discount: number;
};

export const orderColumns =
  "id, number, customer_id, status, currency, subtotal, discount, shipping, tax, tax_rate, total, refunded, pay_before, address, note, coupon_code, cart_id, version, placed_at, updated_at";
export const newLineColumns = "id, variant_id, product_id, sku, name, options, quantity, returned_quantity, unit_price, discount";
export const lineColumns = `${newLineColumns}, withdrawn_quantity, packed_quantity, shipped_quantity, delivered_quantity`;

export function orderFromRow(row: OrderRow): Order {
  const { customer_id, pay_before, address, coupon_code, cart_id, placed_at, updated_at, tax_rate, ...same } = row;
  return {
    ...same,
    taxRateBasisPoints: tax_rate,
    customerId: customer_id,
    payBefore: pay_before,
    shippingAddress: JSON.parse(address) as Address,
    couponCode: coupon_code,
    cartId: cart_id,
    placedAt: placed_at,
    updatedAt: updated_at,
  };
}

export function orderToRow(order: OrderWithLines): OrderRow {
  const { lines: _lines, customerId, payBefore, shippingAddress, couponCode, cartId, placedAt, updatedAt, ...rest } = order;
  const { taxRateBasisPoints, ...same } = rest;
  return {
    ...same,
    tax_rate: taxRateBasisPoints,
    customer_id: customerId,
    pay_before: payBefore,
    address: JSON.stringify(shippingAddress),
    coupon_code: couponCode,
    cart_id: cartId,
    placed_at: placedAt,
    updated_at: updatedAt,
  };
}

export function lineFromRow(row: LineRow): OrderLine {
  return {
    id: row.id,
    variantId: row.variant_id,
    productId: row.product_id,
    sku: row.sku,
    name: row.name,
    options: JSON.parse(row.options) as Record<string, string>,
    quantity: row.quantity,
    returnedQuantity: row.returned_quantity,
    withdrawnQuantity: row.withdrawn_quantity,
    packedQuantity: row.packed_quantity,
    shippedQuantity: row.shipped_quantity,
    deliveredQuantity: row.delivered_quantity,
    unitPrice: row.unit_price,
    discount: row.discount,
  };
}
