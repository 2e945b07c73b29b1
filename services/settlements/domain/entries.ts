import type { Shares } from "./shares.ts";

/**
 * Accounts of the ledger, kept for each merchant. Debits are positive, credits negative, and the entries of a
 * transaction add up to zero:
 *
 * - `receipts`: what the merchant's customers paid, less refunds
 * - `commission`: the mall's commission (credit)
 * - `discounts`: discounts that the mall bears (debit)
 * - `pending`: owed to the merchant, not due yet (credit)
 * - `due`: owed to the merchant and due (credit); a debit is owed by the merchant
 * - `adjustments`: corrections by staff
 * - `payouts`: paid to the merchant (credit)
 */
export const accounts = [
  "receipts",
  "commission",
  "discounts",
  "pending",
  "due",
  "adjustments",
  "payouts",
] as const;
export type Account = (typeof accounts)[number];

export const transactionKinds = [
  "sale",
  "refund",
  "release",
  "adjustment",
  "payout",
  "payout-failed",
] as const;
export type TransactionKind = (typeof transactionKinds)[number];

/** Minor units per account; accounts without a change are absent or 0. */
export type Entries = Readonly<Partial<Record<Account, number>>>;

/** Which of the merchant's accounts a sale's money is on. */
export type MerchantAccount = "pending" | "due";

export function saleEntries({ receipts, borneByMall, commission, merchant }: Shares): Entries {
  return { receipts, discounts: borneByMall, commission: -commission, pending: -merchant };
}

/** @param from where the sale's money is by now */
export function refundEntries(shares: Shares, from: MerchantAccount): Entries {
  const { receipts, borneByMall, commission, merchant } = shares;
  return { receipts: -receipts, discounts: -borneByMall, commission, [from]: merchant };
}

/** A sale's remaining money becomes due. */
export function releaseEntries(amount: number): Entries {
  return { pending: amount, due: -amount };
}

/** @param amount in the merchant's favour when positive */
export function adjustmentEntries(amount: number): Entries {
  return { adjustments: amount, due: -amount };
}

export function payoutEntries(amount: number): Entries {
  return { due: amount, payouts: -amount };
}

/** A payout that did not arrive is due again. */
export function failedPayoutEntries(amount: number): Entries {
  return { payouts: amount, due: -amount };
}

/** Σ of the entries: 0 for every transaction. */
export function balanceOf(entries: Entries): number {
  return Object.values(entries).reduce((sum, amount) => sum + amount, 0);
}
