import { job } from "../orders.dependencies.ts";
import { detachPaymentMethod, emptyPayerAccount } from "../payments/detach-payment-methods.ts";

const concurrency = 8;
const maxPerRun = 400;

/** Detaches removed payment methods at their providers, and all that providers keep for deleted accounts. */
export const detachPaymentMethods = job({
  name: "detach-payment-methods",
  once: "node",
  every: (config) => config.sweepIntervalMs,
  async run({ now, transaction, log }, dependencies) {
    const { methods, payers } = dependencies;
    const context = { now, transaction };
    for (let done = 0; done < maxPerRun; done += concurrency) {
      const [due, accounts] = await transaction(
        async (tx) =>
          [await methods.due(now, concurrency, tx), await payers.dueAccounts(now, concurrency, tx)] as const,
      );
      const failures = await Promise.all([
        ...due.map((method) => detachPaymentMethod(method, context, dependencies)),
        ...accounts.map((account) => emptyPayerAccount(account, context, dependencies)),
      ]);
      for (const failure of failures)
        if (failure !== undefined) log.warn(`detaching a payment method failed: ${failure}`);
      if (due.length < concurrency && accounts.length < concurrency) return;
    }
  },
});
