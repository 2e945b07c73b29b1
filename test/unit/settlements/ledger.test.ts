import { describe, expect, test } from "@jest/globals";
import { commissionOf } from "../../../services/settlements/domain/commission.ts";
import type { Account, Entries } from "../../../services/settlements/domain/entries.ts";
import {
  accounts,
  adjustmentEntries,
  balanceOf,
  failedPayoutEntries,
  payoutEntries,
  refundEntries,
  releaseEntries,
  saleEntries,
} from "../../../services/settlements/domain/entries.ts";
import {
  sharesOfRefund,
  sharesOfRefunds,
  sharesOfSale,
} from "../../../services/settlements/domain/shares.ts";

/** Numbers from 0 to below `limit`; the same for the same seed (Park and Miller). */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

describe("the shares of a sale", () => {
  test("pay the merchant the price less the commission, with what the mall bears", () => {
    expect(sharesOfSale({ total: 9000, borneByMall: 1000, commission: 1250 })).toEqual({
      receipts: 9000,
      borneByMall: 1000,
      commission: 1250,
      merchant: 8750,
    });
    expect(sharesOfSale({ total: 9000, borneByMall: 0, commission: 1250 }).merchant).toBe(7750);
  });

  test("are taken back in proportion, and completely with the last refund", () => {
    const sale = { total: 999, borneByMall: 101, commission: 77 };
    expect(sharesOfRefunds(sale, 333)).toEqual({
      receipts: 333,
      borneByMall: 34,
      commission: 26,
      merchant: 341,
    });
    expect(sharesOfRefunds(sale, 999)).toEqual(sharesOfSale(sale));
    expect(sharesOfRefunds({ ...sale, total: 0 }, 0).merchant).toBe(0);
  });
});

test.each([
  ["mall", 1250 + 50],
  ["merchant", 1125 + 45],
] as const)("a commission is of the price less what the merchant bears (%s)", (bearer, commission) => {
  const lines = [
    { quantity: 2, unitPrice: 5000, discount: 1000, rate: 1250 },
    { quantity: 1, unitPrice: 1000, discount: 100, rate: 500 },
  ];
  expect(commissionOf(lines, bearer)).toBe(commission);
});

test("in 100,000 random lives of a sale every transaction balances, and what the merchant is owed adds up", () => {
  const random = randomNumbers(20_261_130);
  for (let round = 0; round < 100_000; round += 1) {
    const subtotal = 1 + random(1_000_000);
    const discount = random(2) === 0 ? 0 : random(subtotal + 1);
    const bornByMall = random(2) === 0 ? discount : 0;
    const total = subtotal - discount + random(2) * 495;
    const commission = Math.round(((subtotal - (discount - bornByMall)) * random(3000)) / 10_000);
    const sale = { total, borneByMall: bornByMall, commission };
    const ledger: Entries[] = [saleEntries(sharesOfSale(sale))];
    let [refunded, isReleased] = [0, false];
    for (let step = random(5); step > 0; step -= 1) {
      const left = sharesOfSale(sale).merchant - sharesOfRefunds(sale, refunded).merchant;
      if (!isReleased && random(2) === 0) {
        ledger.push(releaseEntries(left));
        isReleased = true;
      } else if (refunded < total) {
        const next = Math.min(total, refunded + 1 + random(total));
        ledger.push(refundEntries(sharesOfRefund(sale, refunded, next), isReleased ? "due" : "pending"));
        refunded = next;
      }
    }
    if (ledger.some((entries) => balanceOf(entries) !== 0))
      throw new Error(`round ${round} does not balance`);
    const sum = (account: Account) => ledger.reduce((all, entries) => all + (entries[account] ?? 0), 0);
    const owed = sharesOfSale(sale).merchant - sharesOfRefunds(sale, refunded).merchant;
    expect([0 - sum("pending"), 0 - sum("due")]).toEqual(isReleased ? [0, owed] : [owed, 0]);
    expect(sum("receipts")).toBe(total - refunded);
    if (refunded === total) expect(accounts.map(sum).every((amount) => amount === 0)).toBe(true);
  }
});

test("payouts and adjustments balance", () => {
  for (const entries of [adjustmentEntries(-5), payoutEntries(7), failedPayoutEntries(7)])
    expect(balanceOf(entries)).toBe(0);
});
