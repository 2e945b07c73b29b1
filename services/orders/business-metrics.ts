import type { BusinessMetric } from "../../mixins/observability/metrics/business-metrics.ts";

const one = (part: string) => () => ({ part, by: 1 });

/** Metrics of revenue and failures. Money is in minor units, by currency. */
export const orderMetrics: readonly BusinessMetric[] = [
  {
    name: "shop_orders_total",
    help: "Orders by outcome",
    label: "what",
    initialParts: ["placed", "paid", "cancelled", "expired", "payment-failed"],
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
    help: "Total of placed orders, paid or not",
    label: "currency",
    counts: { "orders.placed": ({ total }) => ({ part: total.currency, by: total.amount }) },
  },
  {
    name: "shop_revenue_minor_units_total",
    help: "Payments received for paid orders",
    label: "currency",
    counts: {
      "orders.paid": ({ payment }) => ({ part: payment.amount.currency, by: payment.amount.amount }),
    },
  },
  {
    name: "shop_refunded_minor_units_total",
    help: "Refunds to customers",
    label: "currency",
    counts: {
      "orders.refunded": ({ refund }) => ({ part: refund.amount.currency, by: refund.amount.amount }),
    },
  },
];
