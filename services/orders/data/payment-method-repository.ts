import type { Database, Tx } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import type { Page, PageRequest } from "../../../mixins/contract/paging.ts";

/** What the shop may know of a payment method that a provider keeps. */
export interface MethodDetails {
  /** A card's brand, otherwise the kind of method: `visa`, `sepa_debit`. */
  readonly brand: string | null;
  readonly lastFour: string | null;
  readonly expiryMonth: number | null;
  readonly expiryYear: number | null;
}

/** A saved payment method: a token of the provider. Times are milliseconds since the Unix epoch. */
export interface PaymentMethod extends MethodDetails {
  /** That of its setup. */
  readonly id: string;
  readonly customerId: string;
  readonly provider: string;
  /** The provider's id of it; null once detached. */
  readonly token: string | null;
  /** `removing`: gone for the customer, to be detached at the provider. */
  readonly status: "active" | "removing" | "detached";
  /** Attempts to detach it. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly removedAt: number | null;
}

export interface ListedMethod extends PaymentMethod {
  readonly isDefault: boolean;
}

type ListedRow = PaymentMethod & { readonly created_at: number; readonly defaultMethodId: string | null };

const columns = `m.id, m.customer_id AS customerId, m.provider, m.token, m.status, m.brand, m.last_four AS lastFour,
  m.expiry_month AS expiryMonth, m.expiry_year AS expiryYear, m.attempts, m.created_at AS createdAt,
  m.removed_at AS removedAt`;

const maxBrand = 40;

/** Customers' queries include the owner, so foreign methods are not found. */
export class PaymentMethodRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A customer's active methods. */
  async list(customerId: string, request: PageRequest): Promise<Page<ListedMethod>> {
    return readKeysetPage<ListedRow, ListedMethod>(this.#database, {
      columns: `${columns}, m.created_at, p.default_method_id AS defaultMethodId`,
      from: "payment_methods m",
      joinShown: "LEFT JOIN payers p ON p.customer_id = m.customer_id",
      where: { "m.customer_id = ?": customerId, "m.status = ?": "active" },
      sortColumns: { createdAt: "m.created_at" },
      idColumn: "m.id",
      request,
      present: listedFromRow,
    });
  }

  /** An active method of the customer. */
  async active(id: string, customerId: string, tx?: Tx): Promise<PaymentMethod | undefined> {
    return this.#one("m.id = ? AND m.customer_id = ? AND m.status = 'active'", [id, customerId], "", tx);
  }

  /** As `active`, and it stays so until the transaction ends. */
  async holdActive(id: string, customerId: string, tx: Tx): Promise<PaymentMethod | undefined> {
    const where = "m.id = ? AND m.customer_id = ? AND m.status = 'active'";
    return this.#one(where, [id, customerId], this.#database.forShare, tx);
  }

  /** In any status. */
  async byId(id: string, tx: Tx): Promise<PaymentMethod | undefined> {
    return this.#one("m.id = ?", [id], "", tx);
  }

  async byToken(provider: string, token: string, tx?: Tx): Promise<PaymentMethod | undefined> {
    return this.#one("m.provider = ? AND m.token = ?", [provider, token], "", tx);
  }

  async defaultOf(customerId: string, tx: Tx): Promise<string | undefined> {
    const sql = "SELECT default_method_id AS id FROM payers WHERE customer_id = ?";
    const [row] = await this.#database.select<{ id: string | null }>(sql, [customerId], tx);
    return row?.id ?? undefined;
  }

  /** @returns false when the id or the token is saved already */
  async insert(method: PaymentMethod, dueAt: number | null, tx: Tx): Promise<boolean> {
    return this.#database.insertIfAbsent(
      "payment_methods",
      {
        id: method.id,
        customer_id: method.customerId,
        provider: method.provider,
        token: method.token,
        status: method.status,
        brand: method.brand?.slice(0, maxBrand) ?? null,
        last_four: method.lastFour,
        expiry_month: method.expiryMonth,
        expiry_year: method.expiryYear,
        attempts: method.attempts,
        due_at: dueAt,
        created_at: method.createdAt,
        removed_at: method.removedAt,
      },
      tx,
    );
  }

  /** Replaces the details. @returns false unless it is an active method */
  async keepDetails(id: string, details: MethodDetails, tx: Tx): Promise<boolean> {
    const { brand, lastFour, expiryMonth, expiryYear } = details;
    const sql = `UPDATE payment_methods SET brand = ?, last_four = ?, expiry_month = ?, expiry_year = ?
      WHERE id = ? AND status = 'active'`;
    const values = [brand?.slice(0, maxBrand) ?? null, lastFour, expiryMonth, expiryYear, id];
    return (await this.#database.execute(sql, values, tx)) === 1;
  }

  /** @returns false unless it is an active method of the customer */
  async startRemoval(id: string, customerId: string, now: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payment_methods SET status = 'removing', removed_at = ?, due_at = ?, attempts = 0
      WHERE id = ? AND customer_id = ? AND status = 'active'`;
    return (await this.#database.execute(sql, [now, now, id, customerId], tx)) === 1;
  }

  /** All active methods of a customer. */
  async allActive(customerId: string, tx: Tx): Promise<PaymentMethod[]> {
    const sql = `SELECT ${columns} FROM payment_methods m WHERE m.customer_id = ? AND m.status = 'active' ORDER BY m.created_at, m.id`;
    return this.#database.select<PaymentMethod>(sql, [customerId], tx);
  }

  async removeAllOf(customerId: string, now: number, tx: Tx): Promise<void> {
    const sql = `UPDATE payment_methods SET status = 'removing', removed_at = ?, due_at = ?, attempts = 0
      WHERE customer_id = ? AND status = 'active'`;
    await this.#database.execute(sql, [now, now, customerId], tx);
  }

  /** Removed methods due for an attempt to detach them. */
  async due(now: number, limit: number, tx: Tx): Promise<PaymentMethod[]> {
    const sql = `SELECT ${columns} FROM payment_methods m WHERE m.status = 'removing' AND m.due_at <= ? ORDER BY m.due_at LIMIT ?`;
    return this.#database.select<PaymentMethod>(sql, [now, limit], tx);
  }

  /**
   * Claims the next attempt to detach it. If the caller crashes, another attempt starts at `dueAt`.
   *
   * @returns false when another caller claimed it
   */
  async claimAttempt({ id, attempts }: PaymentMethod, dueAt: number, tx: Tx): Promise<boolean> {
    const sql = `UPDATE payment_methods SET attempts = attempts + 1, due_at = ?
      WHERE id = ? AND status = 'removing' AND attempts = ?`;
    return (await this.#database.execute(sql, [dueAt, id, attempts], tx)) === 1;
  }

  async retryAt(id: string, dueAt: number, tx: Tx): Promise<void> {
    const sql = "UPDATE payment_methods SET due_at = ? WHERE id = ? AND status = 'removing'";
    await this.#database.execute(sql, [dueAt, id], tx);
  }

  /** Keeps of a detached method only which one it was. */
  async detached(id: string, now: number, tx: Tx): Promise<void> {
    const sql = `UPDATE payment_methods SET status = 'detached', token = NULL, brand = NULL, last_four = NULL,
        expiry_month = NULL, expiry_year = NULL, due_at = ?
      WHERE id = ? AND status = 'removing'`;
    await this.#database.execute(sql, [now, id], tx);
  }

  /**
   * Removes up to `limit` methods detached before `before`.
   *
   * @returns how many
   */
  async removeOld(before: number, limit: number, tx: Tx): Promise<number> {
    const sql =
      "SELECT id FROM payment_methods WHERE status = 'detached' AND due_at < ? ORDER BY due_at LIMIT ?";
    const rows = await this.#database.select<{ id: string }>(sql, [before, limit], tx);
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.id);
    return this.#database.execute("DELETE FROM payment_methods WHERE id IN (?)", [ids], tx);
  }

  async #one(
    where: string,
    values: readonly string[],
    lock: string,
    tx?: Tx,
  ): Promise<PaymentMethod | undefined> {
    const [method] = await this.#database.select<PaymentMethod>(
      `SELECT ${columns} FROM payment_methods m WHERE ${where}${lock}`,
      values,
      tx,
    );
    return method;
  }
}

function listedFromRow({ created_at: _sortedBy, defaultMethodId, ...method }: ListedRow): ListedMethod {
  return { ...method, isDefault: defaultMethodId === method.id };
}
