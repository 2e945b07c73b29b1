import type { Books, OrderRow, PaymentRow } from "./books.ts";
import type { MoneyBook } from "./payment-provider.ts";

/** Whether the shop and its payment provider agree on all money, and each order has kept what it is worth and no more. */
export function compareMoney(provider: MoneyBook, books: Books): string[] {
  const payments = new Map(books.payments.map((payment) => [payment.id, payment]));
  return [
    ...provider.payments.flatMap((taken) => {
      const known = payments.get(taken.reference);
      if (!known) return [`the provider has payment ${taken.id}, of which the shop knows nothing`];
      const same = (known.status === "succeeded") === (taken.status === "succeeded") && known.amount === taken.amount;
      return same ? [] : [`payment ${known.id} is ${known.status} with ${known.amount}, at the provider ${taken.status} with ${taken.amount}`];
    }),
    ...repeated(provider.payments, "payment"),
    ...repeated(provider.refunds.filter(({ status }) => status === "succeeded"), "refund"),
    ...refundsApart(provider, books, payments),
    ...books.orders.flatMap((order) => keptApart(order, books)),
  ];
}

function repeated(entries: readonly { readonly reference: string }[], what: string): string[] {
  return [...Map.groupBy(entries, ({ reference }) => reference)]
    .filter(([, all]) => all.length > 1)
    .map(([reference, all]) => `the provider has ${what} ${reference} ${all.length} times`);
}

function refundsApart(provider: MoneyBook, books: Books, payments: ReadonlyMap<string, PaymentRow>): string[] {
  const given = new Map(
    provider.refunds.filter(({ status }) => status === "succeeded").map(({ reference, amount }) => [reference, amount]),
  );
  const booked = books.refunds.filter(({ status, paymentId }) => status === "succeeded" && payments.get(paymentId)?.provider === "sandbox");
  const known = new Set(booked.map(({ id }) => id));
  return [
    ...booked
      .filter(({ id, amount }) => given.get(id) !== amount)
      .map(({ id, amount }) => `refund ${id} of ${amount} is not so at the provider: ${given.get(id) ?? "none"}`),
    ...[...given.keys()].filter((id) => !known.has(id)).map((id) => `the provider gave refund ${id}, which the shop does not count`),
  ];
}

/** What came in, less what went back or is due back, is what a paid order is worth; one that is not paid keeps nothing. */
function keptApart({ id, number, total, refunded, status }: OrderRow, books: Books): string[] {
  const sum = (amounts: readonly { readonly amount: number }[]) => amounts.reduce((all, { amount }) => all + amount, 0);
  const came = sum(books.payments.filter((payment) => payment.orderId === id && payment.status === "succeeded"));
  const went = sum(books.refunds.filter((refund) => refund.orderId === id));
  const isPaid = books.timeline.some((step) => step.orderId === id && step.event === "paid");
  const worth = isPaid ? total - refunded : 0;
  return came - went === worth ? [] : [`order ${number} is ${status} and worth ${worth}; ${came} came in and ${went} went back`];
}
