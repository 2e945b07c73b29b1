import { isShopError } from "../../../mixins/contract/errors.ts";
import { job } from "../orders.dependencies.ts";

const batch = 100;

/**
 * Completes the parts of orders that nodes of an earlier version have changed, which know no parts: during a
 * rolling upgrade, and after going back to that version. Idempotent, also across nodes.
 */
export const completeParts = job({
  name: "complete-parts",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  async run({ transaction, log }, { orders, parts }) {
    for (let due = await parts.due(batch); due.length > 0; due = await parts.due(batch)) {
      let completed = 0;
      for (const id of due)
        try {
          await transaction(async (tx) => {
            const order = await orders.lock(id, undefined, tx);
            if (order) await orders.complete(order, tx);
            await parts.markComplete(id, tx);
          });
          completed += 1;
        } catch (error) {
          // Without the database, the other orders would fail too.
          if (isShopError(error, "unavailable")) throw error;
          log.error(`completing the parts of order ${id} failed`, error);
        }
      if (completed === 0 || due.length < batch) return;
    }
  },
});
