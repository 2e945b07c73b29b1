import type { JobContext } from "../../../mixins/service/jobs.ts";
import type { Payment } from "../data/payment-repository.ts";
import { queryDelay } from "../domain/payment-query.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { job } from "../orders.dependencies.ts";
import { providerTimeoutMs } from "../payments/provider-interface.ts";
import { asOpenPayment, recordPaymentState } from "../payments/record-payment-state.ts";

const concurrency = 8;
const maxPerRun = 400;
/** Longer than a query can take, so that another one starts only after a crash. */
const leaseMs = 2 * providerTimeoutMs;

/**
 * Asks providers about open payments, because notices can be lost, and closes those of orders that await no payment
 * any more.
 */
export const queryPayments = job({
  name: "query-payments",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  async run(context, dependencies) {
    const { payments } = dependencies;
    for (let asked = 0; asked < maxPerRun; asked += concurrency) {
      const due = await context.transaction((tx) => payments.due(context.now, concurrency, tx));
      await Promise.all(due.map((payment) => queryPayment(payment, context, dependencies)));
      if (due.length < concurrency) return;
    }
  },
});

async function queryPayment(
  payment: Payment,
  { now, transaction, log }: JobContext,
  needs: OrdersDependencies,
): Promise<void> {
  const { payments, orders, providers, paymentQueryMs } = needs;
  const nextQueryAt = now + Math.max(leaseMs, queryDelay(payment.queries + 1, paymentQueryMs));
  if (!(await transaction((tx) => payments.claimQuery(payment, nextQueryAt, tx)))) return;
  // The version before records results, but knows no queries.
  if (payment.status === "succeeded" || payment.status === "mismatched") {
    await transaction((tx) => payments.scheduleQuery(payment.id, { queryAt: null, queries: 0 }, tx));
    return;
  }
  const provider = providers.online(payment.provider);
  if (!provider) return;
  const order = await orders.byId(payment.orderId, undefined);
  try {
    const open = asOpenPayment(payment);
    const isAwaited = order?.status === "placed" && payment.closedAt === null;
    const state = isAwaited ? await provider.query(open) : await provider.close(open);
    await transaction((tx) => recordPaymentState(payment, state, now, tx, needs));
  } catch (error) {
    log.warn(`asking ${payment.provider} about payment ${payment.id} failed`, error);
  }
}
