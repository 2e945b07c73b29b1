import { action } from "../audit.dependencies.ts";

/** Recorded like every event: chained, exactly once. */
export const reportSecurityEvents = action(
  "audit.security-events.report",
  async ({ params, transaction }) => {
    await transaction((tx) => Promise.resolve(tx.publish("audit.attacks-refused", params)));
    return null;
  },
);
