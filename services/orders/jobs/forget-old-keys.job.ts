import { job } from "../orders.dependencies.ts";

const batch = 500;

/** Idempotency keys and checkouts are kept as long as clients may repeat a request, then they are forgotten. */
export const forgetOldKeys = job({
  name: "forget-old-keys",
  every: () => 60_000,
  async run({ now, transaction }, { checkouts, keys, idempotencyRetentionMs }) {
    const before = now - idempotencyRetentionMs;
    for (const repository of [checkouts, keys]) {
      let forgotten = batch;
      while (forgotten === batch) forgotten = await transaction((tx) => repository.forget(before, batch, tx));
    }
  },
});
