import type { Tx } from "../../mixins/database/database.ts";
import type { PartRefund, PartSale } from "./data/sale-repository.ts";
import type { NewTransaction } from "./data/ledger-repository.ts";
import { refundEntries, releaseEntries, saleEntries } from "./domain/entries.ts";
import { sharesOfRefund, sharesOfRefunds, sharesOfSale } from "./domain/shares.ts";
import type { SettlementsDependencies } from "./settlements.dependencies.ts";

interface Origin {
  readonly actor: string;
  readonly now: number;
}

type Needs = Pick<SettlementsDependencies, "ledger" | "sales" | "returnWindowMs">;

/**
 * Posts a part's sale, with the refunds and the receipt that arrived before it. Events arrive in any order; a sale that
 * is known has no effect.
 */
export async function postSale(sale: PartSale, origin: Origin, tx: Tx, needs: Needs): Promise<void> {
  const { ledger, sales, returnWindowMs } = needs;
  // The merchant is locked before its sales, everywhere.
  await ledger.lock([sale.merchantId], tx);
  if (!(await sales.insert(sale, tx))) return;
  const entries = saleEntries(sharesOfSale(sale));
  await ledger.post([transactionOf(sale, { kind: "sale", entries, subjectId: sale.partId }, origin)], tx);
  let posted = sale;
  for (const refund of await sales.takeEarlyRefunds(sale.partId, origin.now, tx))
    posted = await postToLedger(posted, refund, origin, tx, needs);
  const receivedAt = await sales.receivedAt(sale.partId, tx);
  if (receivedAt !== undefined) await sales.scheduleRelease(sale.partId, receivedAt + returnWindowMs, tx);
}

/** Posts a refund of a part once; before its sale is known, it is kept until then. */
export async function postRefund(
  refund: PartRefund,
  merchantId: string,
  origin: Origin,
  tx: Tx,
  needs: Needs,
): Promise<void> {
  const { ledger, sales } = needs;
  await ledger.lock([merchantId], tx);
  const sale = await sales.lock(refund.partId, tx);
  if (!(await sales.insertRefund(refund, sale ? origin.now : null, tx))) return;
  if (sale) await postToLedger(sale, refund, origin, tx, needs);
}

/** What is left of a sale becomes due to its merchant. */
export async function releaseSale(sale: PartSale, origin: Origin, tx: Tx, { ledger }: Needs): Promise<void> {
  const left = sharesOfSale(sale).merchant - sharesOfRefunds(sale, sale.refunded).merchant;
  if (left === 0) return;
  const entries = releaseEntries(left);
  await ledger.post([transactionOf(sale, { kind: "release", entries, subjectId: sale.partId }, origin)], tx);
}

async function postToLedger(
  sale: PartSale,
  { refundId, amount }: PartRefund,
  origin: Origin,
  tx: Tx,
  { ledger, sales }: Needs,
): Promise<PartSale> {
  const refunded = sale.refunded + amount;
  if (refunded > sale.total)
    throw new Error(`refunds of part ${sale.partId} amount to ${refunded} of ${sale.total}`);
  const shares = sharesOfRefund(sale, sale.refunded, refunded);
  const entries = refundEntries(shares, sale.releasedAt === null ? "pending" : "due");
  await ledger.post([transactionOf(sale, { kind: "refund", entries, subjectId: refundId }, origin)], tx);
  await sales.addRefunded(sale.partId, amount, tx);
  return { ...sale, refunded };
}

function transactionOf(
  { merchantId, orderId, orderNumber }: PartSale,
  about: Pick<NewTransaction, "kind" | "entries" | "subjectId">,
  { actor, now }: Origin,
): NewTransaction {
  return { ...about, merchantId, order: { id: orderId, number: orderNumber }, reason: null, actor, now };
}
