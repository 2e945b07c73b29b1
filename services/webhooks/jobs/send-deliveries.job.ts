import { job } from "../webhooks.dependencies.ts";

/** Begins to send due deliveries: those to be repeated, and those of nodes that were killed. */
export const sendDeliveries = job({
  name: "send-deliveries",
  once: "node",
  every: ({ sweepIntervalMs }) => sweepIntervalMs,
  run: (_context, { sender }) => sender.sendDue(),
});
