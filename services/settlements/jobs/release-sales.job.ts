import { sweep } from "../../../mixins/service/sweep.ts";
import type { DueSale } from "../data/sale-repository.ts";
import { releaseSale } from "../post-sale.ts";
import { job } from "../settlements.dependencies.ts";

const name = "release-sales";

/**
 * Makes money due whose return window has ended. One transaction per sale: the first node to release it wins, and a
 * failure does not delay the others.
 */
export const releaseSales = job({
  name,
  once: "node",
  every: (config) => config.sweepIntervalMs,
  run: ({ now, transaction, log }, dependencies) => {
    const { ledger, sales } = dependencies;
    return sweep(
      {
        due: (limit, after?: DueSale) => sales.toRelease(now, limit, after),
        each: ({ partId, merchantId }) =>
          transaction(async (tx) => {
            await ledger.lock([merchantId], tx);
            if (!(await sales.release(partId, now, tx))) return;
            const sale = await sales.lock(partId, tx);
            if (sale) await releaseSale(sale, { actor: `system:settlements.${name}`, now }, tx, dependencies);
          }),
        failed: ({ partId }) => `releasing the sale of part ${partId} failed`,
      },
      log,
    );
  },
});
