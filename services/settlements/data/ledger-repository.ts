import { newId } from "../../../mixins/contract/ids.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Account, Entries, TransactionKind } from "../domain/entries.ts";
import { balanceOf } from "../domain/entries.ts";

/** What the mall owes a merchant, in minor units. */
export interface Balance {
  readonly pending: number;
  /** Negative while the merchant owes. */
  readonly due: number;
}

export interface MerchantBalance extends Balance {
  readonly id: string;
  /** Null until the merchants service has told it. */
  readonly name: string | null;
  readonly transactions: number;
  /** Time of the last transaction (ms); 0 before the first. */
  readonly lastPostedAt: number;
}

export interface NewTransaction {
  readonly merchantId: string;
  readonly kind: TransactionKind;
  readonly entries: Entries;
  readonly order?: { readonly id: string; readonly number: string };
  /** The part, refund or transfer that it is about. */
  readonly subjectId: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly now: number;
}

export interface Transaction extends Balance {
  readonly id: string;
  readonly merchantId: string;
  readonly sequence: number;
  readonly kind: TransactionKind;
  readonly postedAt: number;
  readonly orderId: string | null;
  readonly orderNumber: string | null;
  readonly subjectId: string | null;
  readonly actor: string;
  readonly reason: string | null;
}

export interface TransactionFilter {
  readonly merchantId: string;
  readonly kind?: TransactionKind | undefined;
  /** Milliseconds since the Unix epoch; the end is exclusive. */
  readonly from?: number | undefined;
  readonly before?: number | undefined;
}

type TransactionRow = Omit<Transaction, "postedAt"> & { posted_at: number };

const columns = `id, merchant_id AS merchantId, sequence, kind, posted_at, pending, due, order_id AS orderId,
  order_number AS orderNumber, subject_id AS subjectId, actor, reason`;
const balanceColumns = "id, name, pending, due, transactions, last_posted_at AS lastPostedAt";

/** The append-only double-entry ledger with each merchant's balance. */
export class LedgerRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The merchants, locked in the order of their ids; unknown ones are created without a name. */
  async lock(merchantIds: readonly string[], tx: Tx): Promise<Map<string, MerchantBalance>> {
    const ids = [...new Set(merchantIds)].toSorted();
    if (ids.length === 0) return new Map();
    const read = () =>
      this.#database.select<MerchantBalance>(
        `SELECT ${balanceColumns} FROM merchants WHERE id IN (?) ORDER BY id${this.#database.forUpdate}`,
        [ids],
        tx,
      );
    let found = await read();
    if (found.length < ids.length) {
      const known = new Set(found.map(({ id }) => id));
      for (const id of ids.filter((one) => !known.has(one)))
        await this.#database.insertIfAbsent("merchants", newMerchant(id, null, 0), tx);
      found = await read();
    }
    return new Map(found.map((merchant) => [merchant.id, merchant]));
  }

  /** Copies a merchant's name, unless a later version of it is known. */
  async putMerchant(id: string, name: string, version: number, tx: Tx): Promise<void> {
    const set = { name: { newerBy: "version" }, version: "greatest" } as const;
    await this.#database.upsert(
      { table: "merchants", key: ["id"], set },
      [newMerchant(id, name, version)],
      tx,
    );
  }

  async merchant(id: string, tx?: Tx): Promise<MerchantBalance | undefined> {
    const sql = `SELECT ${balanceColumns} FROM merchants WHERE id = ?`;
    return (await this.#database.select<MerchantBalance>(sql, [id], tx))[0];
  }

  /** @param ids all merchants when absent; those of one user are few */
  async merchants(ids: readonly string[] | undefined, request: PageRequest): Promise<Page<MerchantBalance>> {
    return readKeysetPage<MerchantBalance, MerchantBalance>(this.#database, {
      columns: balanceColumns,
      from: "merchants",
      where: ids ? { [`id IN (${ids.map(() => "?").join(", ") || "NULL"})`]: ids } : {},
      sortColumns: { due: "due" },
      request,
      present: (row) => row,
    });
  }

  /** Up to `limit` merchants, by id and locked, to whom at least `minimum` is due. */
  async lockDue(
    minimum: number,
    only: readonly string[] | undefined,
    limit: number,
    tx: Tx,
  ): Promise<MerchantBalance[]> {
    const [condition, values] = only ? [" AND id IN (?)", [only]] : ["", []];
    const found = await this.#database.select<{ id: string }>(
      `SELECT id FROM merchants WHERE due >= ?${condition} ORDER BY due DESC, id LIMIT ?`,
      [minimum, ...values, limit],
      tx,
    );
    const locked = await this.lock(
      found.map(({ id }) => id),
      tx,
    );
    return [...locked.values()].filter(({ due }) => due >= minimum);
  }

  /**
   * Posts transactions, whose entries must add up to zero, and updates the merchants' balances.
   *
   * @returns the merchants' balances afterwards
   */
  async post(transactions: readonly NewTransaction[], tx: Tx): Promise<Map<string, MerchantBalance>> {
    const balances = await this.lock(
      transactions.map(({ merchantId }) => merchantId),
      tx,
    );
    const posted = transactions.map((transaction) => {
      if (balanceOf(transaction.entries) !== 0)
        throw new Error(`the entries of a ${transaction.kind} do not add up to zero`);
      const before = balances.get(transaction.merchantId);
      if (!before) throw new Error(`merchant ${transaction.merchantId} was not locked`);
      const after = {
        ...before,
        pending: before.pending - (transaction.entries.pending ?? 0),
        due: before.due - (transaction.entries.due ?? 0),
        transactions: before.transactions + 1,
        // Times follow the sequence, whatever the clocks of the nodes.
        lastPostedAt: Math.max(before.lastPostedAt, transaction.now),
      };
      balances.set(after.id, after);
      return { id: newId(), transaction, after };
    });
    if (posted.length === 0) return balances;
    await this.#insertTransactions(posted, tx);
    for (const { id, pending, due, transactions: count, lastPostedAt } of balances.values())
      await this.#database.execute(
        "UPDATE merchants SET pending = ?, due = ?, transactions = ?, last_posted_at = ? WHERE id = ?",
        [pending, due, count, lastPostedAt, id],
        tx,
      );
    return balances;
  }

  async list(
    { merchantId, kind, from, before }: TransactionFilter,
    request: PageRequest,
  ): Promise<Page<Transaction>> {
    return readKeysetPage<TransactionRow, Transaction>(this.#database, {
      columns,
      from: "transactions",
      where: {
        "merchant_id = ?": merchantId,
        "kind = ?": kind,
        "posted_at >= ?": from,
        "posted_at < ?": before,
      },
      idColumn: "id",
      sortColumns: { sequence: "sequence" },
      request,
      present: fromRow,
    });
  }

  /** Up to `limit` of a merchant's transactions in a period, after `sequence`, oldest first. */
  async period(
    merchantId: string,
    period: { readonly from: number; readonly before: number; readonly sequence: number },
    limit: number,
  ): Promise<Transaction[]> {
    const rows = await this.#database.select<TransactionRow>(
      `SELECT ${columns} FROM transactions
       WHERE merchant_id = ? AND sequence > ? AND posted_at >= ? AND posted_at < ? ORDER BY sequence LIMIT ?`,
      [merchantId, period.sequence, period.from, period.before, limit],
    );
    return rows.map(fromRow);
  }

  /** A merchant's balance before a moment. */
  async balanceBefore(merchantId: string, moment: number): Promise<Balance> {
    const [last] = await this.#database.select<Balance>(
      `SELECT pending, due FROM transactions WHERE merchant_id = ? AND posted_at < ?
       ORDER BY posted_at DESC, sequence DESC LIMIT 1`,
      [merchantId, moment],
    );
    return last ?? { pending: 0, due: 0 };
  }

  /** Entries by transaction id. */
  async entriesOf(transactionIds: readonly string[]): Promise<Map<string, Entries>> {
    if (transactionIds.length === 0) return new Map();
    const rows = await this.#database.select<{ id: string; account: Account; amount: number }>(
      "SELECT transaction_id AS id, account, amount FROM entries WHERE transaction_id IN (?)",
      [transactionIds],
    );
    const found = new Map<string, Partial<Record<Account, number>>>();
    for (const { id, account, amount } of rows) found.set(id, { ...found.get(id), [account]: amount });
    return found;
  }

  async #insertTransactions(
    posted: readonly {
      readonly id: string;
      readonly transaction: NewTransaction;
      readonly after: MerchantBalance;
    }[],
    tx: Tx,
  ): Promise<void> {
    const rows = posted.map(({ id, transaction, after }) => [
      id,
      transaction.merchantId,
      after.transactions,
      transaction.kind,
      after.lastPostedAt,
      after.pending,
      after.due,
      transaction.order?.id ?? null,
      transaction.order?.number ?? null,
      transaction.subjectId,
      transaction.actor,
      transaction.reason,
    ]);
    await this.#database.execute(
      `INSERT INTO transactions (id, merchant_id, sequence, kind, posted_at, pending, due, order_id, order_number,
         subject_id, actor, reason) VALUES ${rows.map(() => "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
      rows.flat(),
      tx,
    );
    const entries = posted.flatMap(({ id, transaction }) =>
      Object.entries(transaction.entries)
        .filter(([, amount]) => amount !== 0)
        .map(([account, amount]) => [id, account, amount]),
    );
    if (entries.length === 0) return;
    await this.#database.execute(
      `INSERT INTO entries (transaction_id, account, amount) VALUES ${entries.map(() => "(?, ?, ?)").join(", ")}`,
      entries.flat(),
      tx,
    );
  }
}

function newMerchant(id: string, name: string | null, version: number) {
  return { id, name, version, pending: 0, due: 0, transactions: 0, last_posted_at: 0 };
}

function fromRow({ posted_at: postedAt, ...same }: TransactionRow): Transaction {
  return { ...same, postedAt };
}
