import { approvalsKeptMs } from "../money/limit-money.ts";
import { job } from "../orders.dependencies.ts";

const batch = 500;

/** Longer than any provider repeats a notification. */
const noticesKeptMs = 30 * 24 * 3_600_000;

/**
 * Removes idempotency keys and checkouts after clients' retry period, notifications, setups and detached
 * payment methods after providers' retry period, and approvals after a week.
 */
export const removeOldKeys = job({
  name: "forget-old-keys",
  once: "node",
  every: () => 60_000,
  async run(
    { now, transaction },
    { checkouts, keys, notices, approvals, moneyDays, setups, methods, payers, idempotencyRetentionMs },
  ) {
    const retained = [
      [checkouts, idempotencyRetentionMs],
      [keys, idempotencyRetentionMs],
      [notices, noticesKeptMs],
      [setups, noticesKeptMs],
      [methods, noticesKeptMs],
      [payers, noticesKeptMs],
      [approvals, approvalsKeptMs],
      [moneyDays, approvalsKeptMs],
    ] as const;
    for (const [repository, keptMs] of retained) {
      const before = now - keptMs;
      let removed = batch;
      while (removed === batch) removed = await transaction((tx) => repository.removeOld(before, batch, tx));
    }
  },
});
