import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { AfterSalesDependencies } from "../after-sales.dependencies.ts";
import { job } from "../after-sales.dependencies.ts";
import { messageKind, requestKind } from "../pictured-kinds.ts";

const batch = 100;
/** After this time, requests in progress at the deletion are visible. */
const settledMs = 3_600_000;

/**
 * Erases texts and pictures of deleted accounts, also in open after-sales, which go on by their deadlines.
 * Idempotent, also across nodes.
 */
export const eraseTexts = job({
  name: "erase-texts",
  once: "node",
  every: () => 60_000,
  async run(context, dependencies) {
    const { deletedCustomers } = dependencies;
    for (let after: string | undefined = ""; after !== undefined;) {
      const customers = await deletedCustomers.list(after, batch);
      for (const { customerId, deletedAt } of customers) {
        await eraseOf(customerId, context, dependencies);
        if (deletedAt + settledMs < context.now)
          await context.transaction((tx) => deletedCustomers.remove(customerId, tx));
      }
      after = customers.length < batch ? undefined : customers.at(-1)?.customerId;
    }
  },
});

async function eraseOf(
  customerId: string,
  { transaction }: JobContext,
  { afterSales, messages, steps, images }: AfterSalesDependencies,
): Promise<void> {
  const author = `user:${customerId}`;
  for (let after: string | undefined = ""; after !== undefined;) {
    const ids: string[] = await afterSales.withTexts(customerId, after, batch);
    for (const id of ids)
      await transaction(async (tx) => {
        await afterSales.lock(id, "all", tx);
        const written = await messages.idsBy(id, author, tx);
        await images.removeAll({ kind: requestKind, id }, tx);
        for (const messageId of written) await images.removeAll({ kind: messageKind, id: messageId }, tx);
        await messages.erase(written, tx);
        await steps.eraseReasons(id, author, tx);
        await afterSales.eraseTexts(id, tx);
      });
    after = ids.length < batch ? undefined : ids.at(-1);
  }
}
