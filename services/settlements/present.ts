import type { Result } from "../../mixins/contract/calls.ts";
import { toTimestamp } from "../../mixins/contract/fields.ts";
import type { MerchantBalance, Transaction } from "./data/ledger-repository.ts";
import type { Payout, PayoutAccount, Transfer } from "./data/payout-repository.ts";
import type { Entries } from "./domain/entries.ts";

export function presentBalance(
  merchant: MerchantBalance,
  currency: string,
): Result<"settlements.balances.get"> {
  return {
    merchantId: merchant.id,
    name: merchant.name,
    pending: { amount: merchant.pending, currency },
    due: { amount: merchant.due, currency },
  };
}

export function presentTransaction(
  transaction: Transaction,
  entries: Entries,
  currency: string,
): Result<"settlements.ledger.list">["items"][number] {
  const { id, sequence, kind, postedAt, pending, due, orderId, orderNumber, reason } = transaction;
  return {
    id,
    sequence,
    kind,
    at: toTimestamp(postedAt),
    currency,
    pending,
    due,
    entries: { ...entries },
    orderId,
    orderNumber,
    reason,
  };
}

export function presentPayout({
  id,
  amount,
  currency,
  transfers,
  actor,
  createdAt,
}: Payout): Result<"settlements.payouts.create"> {
  return {
    id,
    amount: { amount, currency },
    transferCount: transfers,
    actor,
    createdAt: toTimestamp(createdAt),
  };
}

export function presentTransfer(transfer: Transfer, currency: string): Result<"settlements.payouts.settle"> {
  const { id, payoutId, merchantId, merchantName, amount, status, account, failure, createdAt, settledAt } =
    transfer;
  return {
    id,
    payoutId,
    merchantId,
    merchantName,
    amount: { amount, currency },
    status,
    account: account && lastFour(account),
    failure,
    createdAt: toTimestamp(createdAt),
    settledAt: settledAt === null ? null : toTimestamp(settledAt),
  };
}

/** The end of an account's number, which suffices to recognise it. */
export function lastFour({ number }: PayoutAccount): string {
  return number.slice(-4);
}
