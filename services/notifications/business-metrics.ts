import type { BusinessMetric } from "../../mixins/observability/metrics/business-metrics.ts";

export const notificationMetrics: readonly BusinessMetric[] = [
  {
    name: "shop_notifications_given_up_total",
    help: "Notifications that could not be delivered, by channel",
    label: "channel",
    initialParts: ["mail", "sms"],
    counts: { "notifications.given-up": ({ channel }) => ({ part: channel, by: 1 }) },
  },
];
