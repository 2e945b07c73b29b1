import type { History } from "./history.ts";
import type { MallState } from "./mall-books.ts";
import { compareStates, mayHaveHappened, stateRequests } from "./possible-states.ts";

type Told = Pick<History, "of">;

/** Checks that each merchant has the status that staff gave it last. */
export function compareMerchants(history: Told, { merchants }: MallState): string[] {
  const requests = [
    ...stateRequests(history, "merchants.suspend", ({ params }) => ({ key: params.id, state: "suspended" })),
    ...stateRequests(history, "merchants.resume", ({ params }) => ({ key: params.id, state: "active" })),
  ];
  const kept = new Map(merchants.map(({ id, status }) => [id, status]));
  return compareStates("merchant", requests, kept, "active");
}

/** Checks that each payout exists once under its key, and that transfers are as they were last reported. */
export function comparePayouts(history: Told, { payouts, transfers }: MallState): string[] {
  const wishes = Map.groupBy(history.of("settlements.payouts.create"), ({ params }) => params.idempotencyKey);
  const kept = Map.groupBy(payouts, ({ key }) => key);
  const made = [...new Set([...wishes.keys(), ...kept.keys()])].flatMap((key) => {
    const [wished, found] = [wishes.get(key) ?? [], kept.get(key) ?? []];
    const told = wished.flatMap(({ answer }) => answer ?? []);
    const isThere = told.every(({ id, amount }) =>
      found.some((payout) => payout.id === id && payout.amount === amount.amount),
    );
    return [
      found.length > 1 ? `key ${key} made ${found.length} payouts` : "",
      isThere ? "" : `payout ${told[0]?.id} was acknowledged and is not there`,
      found.length > 0 && !mayHaveHappened(wished) ? `payout ${found[0]?.id} was not requested` : "",
    ].filter(Boolean);
  });
  const settled = stateRequests(history, "settlements.payouts.settle", ({ params }) => ({
    key: params.transferId,
    state: params.status as string,
  }));
  const statuses = new Map(transfers.map(({ id, status }) => [id, status]));
  return [...made, ...compareStates("transfer", settled, statuses, "open")];
}

/** Checks that parts whose receipt was acknowledged are received, and no other ones. */
export function compareReceipts(history: Told, { parts }: MallState): string[] {
  const wishes = Map.groupBy(history.of("orders.receipts.record"), ({ params }) => params.id);
  return parts.flatMap(({ id, orderId, receivedAt }) => {
    const wished = (wishes.get(orderId) ?? []).filter(
      ({ params }) => params.partId === undefined || params.partId === id,
    );
    const isTold = wished.some(({ answer }) =>
      answer?.parts.some((part) => part.id === id && part.receivedAt !== null),
    );
    if (isTold && receivedAt === null) return [`the receipt of part ${id} was acknowledged and is not there`];
    return receivedAt !== null && !mayHaveHappened(wished)
      ? [`part ${id} was received without a request`]
      : [];
  });
}
