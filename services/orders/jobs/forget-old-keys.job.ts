import { job } from "../orders.dependencies.ts";

const batch = 500;

/** Longer than any provider goes on sending a notice again. */
const noticesKeptMs = 30 * 24 * 3_600_000;

/**
 * Idempotency keys and checkouts are kept as long as clients may repeat a request, what providers told as long as they may tell it
 * again; then they are forgotten.
 */
export const forgetOldKeys = job({
  name: "forget-old-keys",
  every: () => 60_000,
  async run({ now, transaction }, { checkouts, keys, notices, idempotencyRetentionMs }) {
    const kept = [
      [checkouts, idempotencyRetentionMs],
      [keys, idempotencyRetentionMs],
      [notices, noticesKeptMs],
    ] as const;
    for (const [repository, keptMs] of kept) {
      const before = now - keptMs;
      let forgotten = batch;
      while (forgotten === batch) forgotten = await transaction((tx) => repository.forget(before, batch, tx));
    }
  },
});
