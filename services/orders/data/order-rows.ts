import type { Address } from "../../../mixins/contract/fields.ts";
import type { Order, OrderLine, OrderWithLines } from "../domain/order-model.ts";
import type { OrderStatus } from "../domain/order-status.ts";
import type { PartState } from "../domain/order-model.ts";

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
  contact_email: string | null;
  contact_phone: string | null;
  contact_locale: string | null;
  coupon_code: string | null;
  coupon_merchant_id: string | null;
  cart_id: string;
  received_at: number | null;
  after_sales: number;
  to_review: number;
  version: number;
  placed_at: number;
  updated_at: number;
};

/** Columns of a line; null for an order without lines, which is damaged. */
export type LineRow = {
  line_id: string | null;
  line_variant_id: string;
  line_product_id: string;
  line_sku: string;
  line_name: string;
  line_options: string;
  line_quantity: number;
  line_returned_quantity: number;
  line_withdrawn_quantity: number;
  line_packed_quantity: number;
  line_shipped_quantity: number;
  line_delivered_quantity: number;
  line_unit_price: number;
  line_discount: number;
  line_merchant_id: string | null;
  /** Null on lines of earlier versions. */
  line_part_id: string | null;
  line_shipping: number;
  line_category_ids: string | null;
};

/** Columns of a line's part; null while it is not stored. */
export type PartStateRow = {
  part_status: OrderStatus | null;
  part_refunded: number;
  part_receivable_since: number | null;
  part_received_at: number | null;
};

export const orderColumns =
  "id, number, customer_id, status, currency, subtotal, discount, shipping, tax, tax_rate, total, refunded, pay_before, address, note, contact_email, contact_phone, contact_locale, coupon_code, coupon_merchant_id, cart_id, received_at, after_sales, to_review, version, placed_at, updated_at";
export const newLineColumns =
  "id, variant_id, product_id, sku, name, options, quantity, returned_quantity, unit_price, discount, merchant_id, part_id, shipping, category_ids";
const lineColumns = `${newLineColumns}, withdrawn_quantity, packed_quantity, shipped_quantity, delivered_quantity`;

/** Of an order `o` with a line `l` and the line's part `p`. */
export type JoinedRow = OrderRow & LineRow & PartStateRow;
export const joinedColumns = [
  ...orderColumns.split(", ").map((column) => `o.${column}`),
  ...lineColumns.split(", ").map((column) => `l.${column} AS line_${column}`),
  ...["status", "refunded", "receivable_since", "received_at"].map(
    (column) => `p.${column} AS part_${column}`,
  ),
].join(", ");

export function orderFromRow(row: OrderRow): Order {
  return {
    id: row.id,
    number: row.number,
    customerId: row.customer_id,
    status: row.status,
    currency: row.currency,
    subtotal: row.subtotal,
    discount: row.discount,
    shipping: row.shipping,
    tax: row.tax,
    taxRateBasisPoints: row.tax_rate,
    total: row.total,
    refunded: row.refunded,
    payBefore: row.pay_before,
    shippingAddress: JSON.parse(row.address) as Address,
    note: row.note,
    contact:
      row.contact_email === null
        ? null
        : { email: row.contact_email, phone: row.contact_phone, locale: row.contact_locale },
    couponCode: row.coupon_code,
    couponMerchantId: row.coupon_merchant_id,
    cartId: row.cart_id,
    receivedAt: row.received_at,
    afterSales: row.after_sales,
    toReview: row.to_review,
    version: row.version,
    placedAt: row.placed_at,
    updatedAt: row.updated_at,
  };
}

export function orderToRow(order: OrderWithLines): OrderRow {
  const {
    lines: _lines,
    parts: _parts,
    customerId,
    payBefore,
    shippingAddress,
    contact,
    couponCode,
    couponMerchantId,
    cartId,
    receivedAt,
    afterSales,
    toReview,
    placedAt,
    updatedAt,
    ...rest
  } = order;
  const { taxRateBasisPoints, ...same } = rest;
  return {
    ...same,
    tax_rate: taxRateBasisPoints,
    customer_id: customerId,
    pay_before: payBefore,
    address: JSON.stringify(shippingAddress),
    contact_email: contact?.email ?? null,
    contact_phone: contact?.phone ?? null,
    contact_locale: contact?.locale ?? null,
    coupon_code: couponCode,
    coupon_merchant_id: couponMerchantId,
    cart_id: cartId,
    received_at: receivedAt,
    after_sales: afterSales,
    to_review: toReview,
    placed_at: placedAt,
    updated_at: updatedAt,
  };
}

/** @returns undefined for an order without lines */
export function lineFromRow(row: LineRow, orderId: string): OrderLine | undefined {
  if (row.line_id === null) return undefined;
  return {
    id: row.line_id,
    variantId: row.line_variant_id,
    productId: row.line_product_id,
    sku: row.line_sku,
    name: row.line_name,
    options: JSON.parse(row.line_options) as Record<string, string>,
    quantity: row.line_quantity,
    returnedQuantity: row.line_returned_quantity,
    withdrawnQuantity: row.line_withdrawn_quantity,
    packedQuantity: row.line_packed_quantity,
    shippedQuantity: row.line_shipped_quantity,
    deliveredQuantity: row.line_delivered_quantity,
    unitPrice: row.line_unit_price,
    discount: row.line_discount,
    merchantId: row.line_merchant_id,
    partId: row.line_part_id ?? orderId,
    shipping: row.line_shipping,
    ...(row.line_category_ids === null ? {} : { categoryIds: JSON.parse(row.line_category_ids) as string[] }),
  };
}

/** @returns undefined when the part is not stored */
export function partStateFromRow(row: PartStateRow): PartState | undefined {
  if (row.part_status === null) return undefined;
  return {
    status: row.part_status,
    refunded: row.part_refunded,
    receivableSince: row.part_receivable_since,
    receivedAt: row.part_received_at,
    isStored: true,
  };
}
