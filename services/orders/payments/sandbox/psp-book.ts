import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/** Money as the provider has it. Amounts are minor units, times milliseconds since 1970. */
export interface PspPayment {
  readonly id: string;
  /** The shop's own id for it. */
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly status: "pending" | "succeeded" | "failed";
  readonly failure: string | null;
  readonly createdAt: number;
}

export interface PspRefund {
  readonly id: string;
  readonly paymentId: string;
  /** The shop's own id for it. */
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: "succeeded" | "failed";
  readonly failure: string | null;
  readonly createdAt: number;
}

/** A webhook that waits for its delivery, or has been delivered. */
export interface PspNotice {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly tries: number;
  readonly nextAt: number;
  readonly held: 0 | 1;
}

/** An answer that is repeated for its idempotency key. */
export interface KeptAnswer {
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

const tables = `
  CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, reference TEXT, amount INT, currency TEXT, description TEXT,
    status TEXT, failure TEXT, createdAt INT);
  CREATE TABLE IF NOT EXISTS refunds (id TEXT PRIMARY KEY, paymentId TEXT, reference TEXT, amount INT, currency TEXT,
    status TEXT, failure TEXT, createdAt INT);
  CREATE TABLE IF NOT EXISTS notices (no INTEGER PRIMARY KEY, id TEXT, type TEXT, body TEXT, tries INT, nextAt INT, held INT,
    deliveredAt INT);
  CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, request TEXT, status INT, body TEXT);`;

/** The provider's own book, in a file or in memory. It is written before anything is answered. */
export class PspBook {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(file === ":memory:" ? tables : `PRAGMA journal_mode = WAL; ${tables}`);
  }

  /** All or nothing. */
  atOnce<T>(work: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  addPayment(payment: Omit<PspPayment, "id" | "status" | "failure">): PspPayment {
    const added = { ...payment, id: newPspId("pay"), status: "pending", failure: null } as const;
    this.#insert("payments", added);
    return added;
  }

  addRefund(refund: Omit<PspRefund, "id">): PspRefund {
    const added = { ...refund, id: newPspId("ref") };
    this.#insert("refunds", added);
    return added;
  }

  payment(id: string): PspPayment | undefined {
    return this.#rows<PspPayment>("SELECT * FROM payments WHERE id = ?", id)[0];
  }

  /** @returns undefined unless it was pending, or had failed */
  settlePayment(id: string, status: "succeeded" | "failed", failure: string | null): PspPayment | undefined {
    const sql = "UPDATE payments SET status = ?, failure = ? WHERE id = ? AND status IN ('pending', 'failed')";
    return this.#db.prepare(sql).run(status, failure, id).changes === 1 ? this.payment(id) : undefined;
  }

  payments(): PspPayment[] {
    return this.#rows("SELECT * FROM payments ORDER BY createdAt, id");
  }

  refunds(paymentId?: string): PspRefund[] {
    return paymentId === undefined
      ? this.#rows("SELECT * FROM refunds ORDER BY createdAt, id")
      : this.#rows("SELECT * FROM refunds WHERE paymentId = ? ORDER BY createdAt, id", paymentId);
  }

  answer(key: string): KeptAnswer | undefined {
    return this.#rows<KeptAnswer>("SELECT request, status, body FROM answers WHERE key = ?", key)[0];
  }

  keepAnswer(key: string, answer: KeptAnswer): void {
    this.#insert("answers", { key, ...answer });
  }

  addNotice(notice: PspNotice): void {
    this.#insert("notices", { ...notice });
  }

  /** Undelivered and not held, the next one first. */
  waiting(limit: number): (PspNotice & { readonly no: number })[] {
    return this.#rows("SELECT * FROM notices WHERE deliveredAt IS NULL AND held = 0 ORDER BY nextAt, no LIMIT ?", limit);
  }

  /** In the order in which they came about. */
  held(): (PspNotice & { readonly no: number })[] {
    return this.#rows("SELECT * FROM notices WHERE deliveredAt IS NULL AND held = 1 ORDER BY no");
  }

  undelivered(): number {
    return this.#rows<{ count: number }>("SELECT COUNT(*) AS count FROM notices WHERE deliveredAt IS NULL")[0]?.count ?? 0;
  }

  release(): void {
    this.#db.exec("UPDATE notices SET held = 0 WHERE held = 1");
  }

  delivered(no: number, now: number): void {
    this.#db.prepare("UPDATE notices SET deliveredAt = ?, held = 0 WHERE no = ?").run(now, no);
  }

  postpone(no: number, nextAt: number): void {
    this.#db.prepare("UPDATE notices SET tries = tries + 1, nextAt = ?, held = 0 WHERE no = ?").run(nextAt, no);
  }

  close(): void {
    this.#db.close();
  }

  #rows<Row>(sql: string, ...values: (string | number)[]): Row[] {
    return this.#db.prepare(sql).all(...values) as Row[];
  }

  #insert(table: string, row: Record<string, string | number | null>): void {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
    this.#db.prepare(sql).run(...Object.values(row));
  }
}

/** Not to be guessed: who knows a payment's id can pay it. */
export function newPspId(kind: "pay" | "ref" | "evt"): string {
  return `sbx_${kind}_${randomBytes(16).toString("hex")}`;
}
