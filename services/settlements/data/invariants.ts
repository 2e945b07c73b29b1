import type { Database } from "../../../mixins/database/database.ts";
import type { Invariant, Scope, ViolatingRow } from "../../../mixins/database/invariant.ts";
import { exhaustiveKeys, notListed, scopeCondition } from "../../../mixins/database/invariant.ts";
import type { Account, TransactionKind } from "../domain/entries.ts";
import { accounts, transactionKinds } from "../domain/entries.ts";
import { sharesOfRefunds, sharesOfSale } from "../domain/shares.ts";
import type { TransferStatus } from "./payout-repository.ts";

const transactions = { table: "transactions", key: "id" } as const;
const merchants = { table: "merchants", key: "id" } as const;
const sales = { table: "sales", key: "part_id" } as const;
const transfers = { table: "transfers", key: "id" } as const;
const transferStatuses = exhaustiveKeys<TransferStatus>({ open: true, paid: true, failed: true });

/** Σ of a merchant's entries in an account. */
const balanceIn = (account: Account) =>
  `CAST(COALESCE((SELECT SUM(e.amount) FROM transactions t JOIN entries e ON e.transaction_id = t.id
     WHERE t.merchant_id = m.id AND e.account = '${account}'), 0) AS SIGNED)`;
/** Σ of a transaction's entries in an account. */
const entryIn = (account: Account) =>
  `COALESCE((SELECT e.amount FROM entries e WHERE e.transaction_id = t.id AND e.account = '${account}'), 0)`;
const payoutKinds = ["payout", "payout-failed"] as const satisfies readonly TransactionKind[];

/** Invariants of this service's data. */
export const invariants: readonly Invariant[] = [
  {
    code: "settlements.double-entry",
    says: "The entries of every transaction are in known accounts and add up to zero",
    subject: transactions,
    broken: `SELECT t.id AS transactionId, t.merchant_id AS merchantId, t.kind, CAST(COALESCE(SUM(e.amount), 0) AS SIGNED) AS balance
             FROM transactions t LEFT JOIN entries e ON e.transaction_id = t.id WHERE {page t.id}
             GROUP BY t.id, t.merchant_id, t.kind
             HAVING COALESCE(SUM(e.amount), 0) <> 0 OR ${notListed("t.kind", transactionKinds)}
               OR SUM(CASE WHEN ${notListed("e.account", accounts)} THEN 1 ELSE 0 END) > 0`,
  },
  {
    code: "settlements.balances",
    says: "What is owed to a merchant is the sum of its entries, and follows from transaction to transaction",
    subject: { ...merchants, rowsPerPage: 50 },
    broken: `SELECT x.* FROM (
               SELECT m.id AS merchantId, m.pending, m.due, m.transactions,
                 -${balanceIn("pending")} AS pendingEntries, -${balanceIn("due")} AS dueEntries,
                 (SELECT COUNT(*) FROM transactions t WHERE t.merchant_id = m.id) AS counted,
                 (SELECT COUNT(*) FROM transactions t LEFT JOIN transactions b
                    ON b.merchant_id = t.merchant_id AND b.sequence = t.sequence - 1
                  WHERE t.merchant_id = m.id AND (t.pending <> COALESCE(b.pending, 0) - ${entryIn("pending")}
                    OR t.due <> COALESCE(b.due, 0) - ${entryIn("due")}
                    OR (b.id IS NULL AND t.sequence <> 1))) AS gaps
               FROM merchants m WHERE {page m.id}
             ) x WHERE x.pending <> x.pendingEntries OR x.due <> x.dueEntries OR x.transactions <> x.counted OR x.gaps > 0`,
  },
  {
    code: "settlements.sales",
    says: "The ledger has every sale with its refunds, in pending until it is released and in due from then on",
    subject: sales,
    broken: { inPage: wronglyPosted },
  },
  {
    code: "settlements.refunds",
    says: "What is refunded of a sale is the sum of its refunds, and no more than its total",
    subject: sales,
    broken: `SELECT x.* FROM (
               SELECT s.order_number AS number, s.part_id AS partId, s.total, s.refunded,
                 CAST(COALESCE((SELECT SUM(r.amount) FROM refunds r WHERE r.part_id = s.part_id), 0) AS SIGNED) AS refunds,
                 (SELECT COUNT(*) FROM refunds r WHERE r.part_id = s.part_id AND r.posted_at IS NULL) AS unposted
               FROM sales s WHERE {page s.part_id}
             ) x WHERE x.refunded <> x.refunds OR x.refunded > x.total OR x.unposted > 0`,
  },
  {
    code: "settlements.releases",
    says: "A sale is released, or scheduled to be, exactly when its goods were received",
    subject: sales,
    broken: `SELECT s.order_number AS number, s.part_id AS partId, s.release_at AS releaseAt, s.released_at AS releasedAt,
               r.received_at AS receivedAt
             FROM sales s LEFT JOIN receipts r ON r.part_id = s.part_id
             WHERE {page s.part_id} AND ((r.part_id IS NULL) <> (s.release_at IS NULL AND s.released_at IS NULL)
               OR (s.release_at IS NOT NULL AND s.released_at IS NOT NULL))`,
  },
  {
    code: "settlements.payouts",
    says: "Every transfer is in the ledger with its amount, again when it failed, and never exceeds what was due",
    subject: transfers,
    broken: `SELECT x.* FROM (
               SELECT f.id AS transferId, f.merchant_id AS merchantId, f.amount, f.status,
                 (SELECT COUNT(*) FROM transactions t WHERE t.subject_id = f.id AND t.kind = '${payoutKinds[0]}'
                    AND t.merchant_id = f.merchant_id AND t.due >= 0 AND ${entryIn("due")} = f.amount) AS paidOut,
                 (SELECT COUNT(*) FROM transactions t WHERE t.subject_id = f.id AND t.kind = '${payoutKinds[1]}'
                    AND t.merchant_id = f.merchant_id AND ${entryIn("payouts")} = f.amount) AS takenBack,
                 (SELECT COUNT(*) FROM payouts p WHERE p.id = f.payout_id) AS payouts
               FROM transfers f WHERE {page f.id}
             ) x WHERE x.amount < 1 OR x.paidOut <> 1 OR x.payouts <> 1 OR ${notListed("x.status", transferStatuses)}
               OR x.takenBack <> CASE WHEN x.status = 'failed' THEN 1 ELSE 0 END`,
  },
  {
    code: "settlements.payout-totals",
    says: "A payout's amount and number of transfers are those of its transfers",
    subject: { table: "payouts", key: "id" },
    broken: `SELECT x.* FROM (
               SELECT p.id AS payoutId, p.amount, p.transfers,
                 CAST(COALESCE((SELECT SUM(f.amount) FROM transfers f WHERE f.payout_id = p.id), 0) AS SIGNED) AS paid,
                 (SELECT COUNT(*) FROM transfers f WHERE f.payout_id = p.id) AS counted
               FROM payouts p WHERE {page p.id}
             ) x WHERE x.amount <> x.paid OR x.transfers <> x.counted`,
  },
];

interface PostedSale {
  readonly partId: string;
  readonly number: string;
  readonly total: number;
  readonly borneByMall: number;
  readonly commission: number;
  readonly refunded: number;
  readonly releasedAt: number | null;
  readonly account: Account | null;
  readonly amount: number;
}

/** One statement, so that a sale and its entries are of one moment. */
async function wronglyPosted(database: Database, scope: Scope): Promise<ViolatingRow[]> {
  const { sql, values } = scopeCondition("s.part_id", scope);
  const rows = await database.select<PostedSale>(
    `SELECT s.part_id AS partId, s.order_number AS number, s.total, s.borne_by_mall AS borneByMall, s.commission, s.refunded,
       s.released_at AS releasedAt, p.account, CAST(COALESCE(p.amount, 0) AS SIGNED) AS amount
     FROM sales s LEFT JOIN (
       SELECT s.part_id, e.account, SUM(e.amount) AS amount
       FROM sales s JOIN transactions t ON t.order_id = s.order_id AND t.merchant_id = s.merchant_id
         AND t.kind IN ('sale', 'refund', 'release')
       JOIN entries e ON e.transaction_id = t.id WHERE ${sql} GROUP BY s.part_id, e.account
     ) p ON p.part_id = s.part_id WHERE ${sql}`,
    [...values, ...values],
  );
  return [...Map.groupBy(rows, ({ partId }) => partId)].flatMap(([partId, posted]) => {
    const [sale] = posted;
    if (!sale) return [];
    const [sold, back] = [sharesOfSale(sale), sharesOfRefunds(sale, sale.refunded)];
    const left = back.merchant - sold.merchant;
    const wanted: Partial<Record<Account, number>> = {
      receipts: sold.receipts - back.receipts,
      discounts: sold.borneByMall - back.borneByMall,
      commission: back.commission - sold.commission,
      pending: sale.releasedAt === null ? left : 0,
      due: sale.releasedAt === null ? 0 : left,
    };
    const wrong = accounts.find(
      (account) =>
        (posted.find((entry) => entry.account === account)?.amount ?? 0) !== (wanted[account] ?? 0),
    );
    return wrong === undefined
      ? []
      : [{ number: sale.number, partId, account: wrong, expected: wanted[wrong] ?? 0 }];
  });
}
