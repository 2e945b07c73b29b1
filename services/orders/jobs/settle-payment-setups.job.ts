import { queryDelay, setupLifeMs } from "../domain/payment-methods.ts";
import type { Tx } from "../../../mixins/database/database.ts";
import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { PaymentSetup } from "../data/payment-setup-repository.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { job } from "../orders.dependencies.ts";
import { expireSetup, settleSetup } from "../payments/settle-setup.ts";

const concurrency = 8;
const maxPerRun = 400;

/** Asks providers about pending setups, because notices can be lost, and expires those that nobody finished. */
export const settlePaymentSetups = job({
  name: "settle-payment-setups",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  async run(context, dependencies) {
    for (let settled = 0; settled < maxPerRun; settled += concurrency) {
      const due = await context.transaction((tx) => dependencies.setups.due(context.now, concurrency, tx));
      await Promise.all(due.map((setup) => settle(setup, context, dependencies)));
      if (due.length < concurrency) return;
    }
  },
});

async function settle(setup: PaymentSetup, context: JobContext, needs: OrdersDependencies): Promise<void> {
  const { now, transaction, log } = context;
  const next = now + queryDelay(setup.attempts);
  if (!(await transaction((tx) => needs.setups.claimAttempt(setup, next, tx)))) return;
  const isOver = setup.createdAt + setupLifeMs <= now;
  const expire = async (tx: Tx) => expireSetup(setup, null, now, tx, needs);
  // Without a reference, the customer was never told where to finish it.
  if (setup.reference === null) {
    if (!isOver) return;
    await transaction(async (tx) => {
      await expire(tx);
      await needs.setups.rest(setup.id, tx);
    });
    return;
  }
  try {
    await settleSetup(setup, setup.reference, context, needs);
  } catch (error) {
    log.warn(`asking ${setup.provider} about payment setup ${setup.id} failed`, error);
    // Its place is needed; it is asked about until the provider answers.
    if (isOver) await transaction(expire);
  }
}
