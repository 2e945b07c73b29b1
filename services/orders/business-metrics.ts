import type { BusinessMetric } from "../../mixins/metrics/business-metrics.ts";

const one = (part: string) => () => ({ part, by: 1 });

/** What the shop earns and why not. Money is in minor units, by currency. */
export const orderMetrics: readonly BusinessMetric[] = [
  {
    name: "shop_orders_total",
    help: "Orders by what happened to them",
    label: "what",
    from: ["placed", "paid", "cancelled", "expired", "payment-failed"],
    counts: {
      "orders.placed": one("placed"),
      "orders.paid": one("paid"),
      "orders.cancelled": one("cancelled"),
      "orders.expired": one("expired"),
      "orders.payment-failed": one("payment-failed"),
    },
  },
  {
    name: "shop_ordered_minor_units_total",
    help: "What placed orders come to, paid or not",
    label: "currency",
    counts: { "orders.placed": ({ total }) => ({ part: total.currency, by: total.amount }) },
  },
  {
    name: "shop_revenue_minor_units_total",
    help: "What came in for orders that are paid",
    label: "currency",
    counts: { "orders.paid": ({ payment }) => ({ part: payment.amount.currency, by: payment.amount.amount }) },
  },
  {
    name: "shop_refunded_minor_units_total",
    help: "What was given back to customers",
    label: "currency",
    counts: { "orders.refunded": ({ refund }) => ({ part: refund.amount.currency, by: refund.amount.amount }) },
  },
];
