import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";
import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";

/** A batch of transfers. Amounts are minor units, times milliseconds since the Unix epoch. */
export interface Payout {
  readonly id: string;
  readonly actor: string;
  readonly currency: string;
  readonly amount: number;
  /** How many. */
  readonly transfers: number;
  readonly createdAt: number;
}

export interface PayoutKey {
  readonly actor: string;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

export const transferStatuses = ["open", "paid", "failed"] as const;
export type TransferStatus = (typeof transferStatuses)[number];

/** Where a merchant is paid. */
export interface PayoutAccount {
  readonly holder: string;
  /** IBAN, account or wallet number. */
  readonly number: string;
  readonly bank: string | null;
}

/** The payment of what was due to one merchant. */
export interface Transfer {
  readonly id: string;
  readonly payoutId: string;
  readonly merchantId: string;
  readonly merchantName: string | null;
  readonly amount: number;
  readonly status: TransferStatus;
  readonly account: PayoutAccount | null;
  readonly failure: string | null;
  readonly createdAt: number;
  readonly settledAt: number | null;
}

type PayoutRow = Omit<Payout, "createdAt"> & { created_at: number };
type TransferRow = Omit<Transfer, "createdAt" | "account"> & { created_at: number; account: string | null };

const payoutColumns = "id, actor, currency, amount, transfers, created_at";
const transferColumns = `t.id, t.payout_id AS payoutId, t.merchant_id AS merchantId, m.name AS merchantName, t.amount,
  t.status, t.account, t.failure, t.created_at, t.settled_at AS settledAt`;
const transfersWithMerchants = "(transfers t JOIN merchants m ON m.id = t.merchant_id)";

export class PayoutRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** @returns false when the actor used the key before */
  async insert(payout: Payout, { idempotencyKey, fingerprint }: PayoutKey, tx: Tx): Promise<boolean> {
    const row = {
      id: payout.id,
      actor: payout.actor,
      idempotency_key: idempotencyKey,
      fingerprint,
      currency: payout.currency,
      amount: payout.amount,
      transfers: payout.transfers,
      created_at: payout.createdAt,
    };
    return this.#database.insertIfAbsent("payouts", row, tx);
  }

  async setTotals({ id, amount, transfers }: Payout, tx: Tx): Promise<void> {
    const sql = "UPDATE payouts SET amount = ?, transfers = ? WHERE id = ?";
    await this.#database.execute(sql, [amount, transfers, id], tx);
  }

  async byKey(
    { actor, idempotencyKey }: PayoutKey,
    tx: Tx,
  ): Promise<(Payout & { fingerprint: string }) | undefined> {
    const [row] = await this.#database.select<PayoutRow & { fingerprint: string }>(
      `SELECT ${payoutColumns}, fingerprint FROM payouts WHERE actor = ? AND idempotency_key = ?`,
      [actor, idempotencyKey],
      tx,
    );
    return row && { ...payoutFromRow(row), fingerprint: row.fingerprint };
  }

  async byId(id: string): Promise<Payout | undefined> {
    const sql = `SELECT ${payoutColumns} FROM payouts WHERE id = ?`;
    const [row] = await this.#database.select<PayoutRow>(sql, [id]);
    return row && payoutFromRow(row);
  }

  async list(request: PageRequest): Promise<Page<Payout>> {
    return readKeysetPage<PayoutRow, Payout>(this.#database, {
      columns: payoutColumns,
      from: "payouts",
      where: {},
      sortColumns: { createdAt: "created_at" },
      request,
      present: payoutFromRow,
    });
  }

  async insertTransfers(transfers: readonly Transfer[], tx: Tx): Promise<void> {
    const rows = transfers.map((transfer) => [
      transfer.id,
      transfer.payoutId,
      transfer.merchantId,
      transfer.amount,
      transfer.status,
      transfer.account && JSON.stringify(transfer.account),
      transfer.createdAt,
    ]);
    await this.#database.execute(
      `INSERT INTO transfers (id, payout_id, merchant_id, amount, status, account, created_at)
       VALUES ${rows.map(() => "(?, ?, ?, ?, ?, ?, ?)").join(", ")}`,
      rows.flat(),
      tx,
    );
  }

  /** Locks a transfer of the payout. */
  async lockTransfer(payoutId: string, id: string, tx: Tx): Promise<Transfer | undefined> {
    const [row] = await this.#database.select<TransferRow>(
      `SELECT ${transferColumns} FROM ${transfersWithMerchants} WHERE t.id = ? AND t.payout_id = ?${this.#database.forUpdate}`,
      [id, payoutId],
      tx,
    );
    return row && transferFromRow(row);
  }

  /** @returns false when the transfer was settled before */
  async settle(
    id: string,
    from: TransferStatus,
    { status, failure }: { readonly status: TransferStatus; readonly failure: string | null },
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const sql = "UPDATE transfers SET status = ?, failure = ?, settled_at = ? WHERE id = ? AND status = ?";
    return (await this.#database.execute(sql, [status, failure, now, id, from], tx)) === 1;
  }

  /** All of a payout, by merchant; a payout's size is limited. */
  async transfersOf(payoutId: string): Promise<Transfer[]> {
    const rows = await this.#database.select<TransferRow>(
      `SELECT ${transferColumns} FROM ${transfersWithMerchants} WHERE t.payout_id = ? ORDER BY t.merchant_id`,
      [payoutId],
    );
    return rows.map(transferFromRow);
  }

  async ofMerchant(merchantId: string, request: PageRequest): Promise<Page<Transfer>> {
    return readKeysetPage<TransferRow, Transfer>(this.#database, {
      columns: transferColumns,
      from: transfersWithMerchants,
      where: { "t.merchant_id = ?": merchantId },
      idColumn: "t.id",
      sortColumns: { createdAt: "t.created_at" },
      request,
      present: transferFromRow,
    });
  }

  async accountsOf(merchantIds: readonly string[], tx: Tx): Promise<Map<string, PayoutAccount>> {
    const rows = await this.#database.select<{ merchantId: string; account: string }>(
      "SELECT merchant_id AS merchantId, account FROM payout_accounts WHERE merchant_id IN (?)",
      [merchantIds],
      tx,
    );
    return new Map(rows.map(({ merchantId, account }) => [merchantId, JSON.parse(account) as PayoutAccount]));
  }

  async account(
    merchantId: string,
    tx?: Tx,
  ): Promise<(PayoutAccount & { version: number; updatedAt: number }) | undefined> {
    const lock = tx ? this.#database.forUpdate : "";
    const [row] = await this.#database.select<{ account: string; version: number; updatedAt: number }>(
      `SELECT account, version, updated_at AS updatedAt FROM payout_accounts WHERE merchant_id = ?${lock}`,
      [merchantId],
      tx,
    );
    return (
      row && { ...(JSON.parse(row.account) as PayoutAccount), version: row.version, updatedAt: row.updatedAt }
    );
  }

  /** @param version the new one; 1 for the first */
  async putAccount(
    merchantId: string,
    account: PayoutAccount,
    version: number,
    now: number,
    tx: Tx,
  ): Promise<boolean> {
    const { holder, number, bank } = account;
    const value = JSON.stringify({ holder, number, bank });
    if (version === 1)
      return this.#database.insertIfAbsent(
        "payout_accounts",
        { merchant_id: merchantId, account: value, version, updated_at: now },
        tx,
      );
    const sql =
      "UPDATE payout_accounts SET account = ?, version = ?, updated_at = ? WHERE merchant_id = ? AND version = ?";
    return (await this.#database.execute(sql, [value, version, now, merchantId, version - 1], tx)) === 1;
  }
}

function payoutFromRow({ created_at: createdAt, id, actor, currency, amount, transfers }: PayoutRow): Payout {
  return { id, actor, currency, amount, transfers, createdAt };
}

function transferFromRow({ created_at: createdAt, account, ...same }: TransferRow): Transfer {
  return { ...same, createdAt, account: account === null ? null : (JSON.parse(account) as PayoutAccount) };
}
