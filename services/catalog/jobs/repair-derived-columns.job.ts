import { job } from "../catalog.dependencies.ts";

const hourMs = 3_600_000;
const batch = 500;

/**
 * Repairs products' wrong derived columns: during a rolling update, nodes of a version without a column sell
 * and change products too.
 */
export const repairDerivedColumns = job({
  name: "repair-derived-columns",
  once: "cluster",
  every: () => hourMs,
  async run({ transaction, log }, { products, stock, variants }) {
    for (let last: string | undefined = ""; last !== undefined;) {
      const page = await products.misderived(last, batch);
      for (const productId of page.ids) {
        await transaction(async (tx) => {
          if (!(await products.lock(productId, tx))) return;
          const accounts = await stock.lock(
            (await variants.ofProduct(productId, tx)).map(({ id }) => id),
            tx,
          );
          await products.setStocked(productId, accounts.filter(({ onHand }) => onHand > 0).length, tx);
          await products.refreshDerivedColumns(productId, tx);
        });
        log.warn(`product ${productId}: corrected its derived columns`);
      }
      last = page.last;
    }
  },
});
