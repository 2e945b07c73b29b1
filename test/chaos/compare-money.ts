import type { DatabaseState, OrderRow, PaymentRow } from "./books.ts";
import type { ProviderLedger } from "./payment-provider.ts";

/** Compares all money between shop and payment provider, and each order's balance with its worth. */
export function compareMoney(provider: ProviderLedger, state: DatabaseState): string[] {
  const payments = new Map(state.payments.map((payment) => [payment.id, payment]));
  return [
    ...provider.payments.flatMap((taken) => {
      const known = payments.get(taken.reference);
      if (!known) return [`the provider has payment ${taken.id}, of which the shop knows nothing`];
      const same =
        (known.status === "succeeded") === (taken.status === "succeeded") && known.amount === taken.amount;
      return same
        ? []
        : [
            `payment ${known.id} is ${known.status} with ${known.amount}, at the provider ${taken.status} with ${taken.amount}`,
          ];
    }),
    ...repeated(provider.payments, "payment"),
    ...repeated(
      provider.refunds.filter(({ status }) => status === "succeeded"),
      "refund",
    ),
    ...refundsApart(provider, state, payments),
    ...state.orders.flatMap((order) => keptApart(order, state)),
  ];
}

function repeated(entries: readonly { readonly reference: string }[], what: string): string[] {
  return [...Map.groupBy(entries, ({ reference }) => reference)]
    .filter(([, all]) => all.length > 1)
    .map(([reference, all]) => `the provider has ${what} ${reference} ${all.length} times`);
}

function refundsApart(
  provider: ProviderLedger,
  state: DatabaseState,
  payments: ReadonlyMap<string, PaymentRow>,
): string[] {
  const given = new Map(
    provider.refunds
      .filter(({ status }) => status === "succeeded")
      .map(({ reference, amount }) => [reference, amount]),
  );
  const booked = state.refunds.filter(
    ({ status, paymentId }) => status === "succeeded" && payments.get(paymentId)?.provider === "sandbox",
  );
  const known = new Set(booked.map(({ id }) => id));
  return [
    ...booked
      .filter(({ id, amount }) => given.get(id) !== amount)
      .map(
        ({ id, amount }) => `refund ${id} of ${amount} is not so at the provider: ${given.get(id) ?? "none"}`,
      ),
    ...[...given.keys()]
      .filter((id) => !known.has(id))
      .map((id) => `the provider gave refund ${id}, which the shop does not count`),
  ];
}

/** A paid order keeps its worth: money received less refunds paid or due; an unpaid one keeps nothing. */
function keptApart({ id, number, total, refunded, status }: OrderRow, state: DatabaseState): string[] {
  const sum = (amounts: readonly { readonly amount: number }[]) =>
    amounts.reduce((all, { amount }) => all + amount, 0);
  const came = sum(
    state.payments.filter((payment) => payment.orderId === id && payment.status === "succeeded"),
  );
  const went = sum(state.refunds.filter((refund) => refund.orderId === id));
  const isPaid = state.timeline.some((step) => step.orderId === id && step.event === "paid");
  const worth = isPaid ? total - refunded : 0;
  return came - went === worth
    ? []
    : [`order ${number} is ${status} and worth ${worth}; ${came} came in and ${went} went back`];
}
