import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

/** A payment at the provider. Amounts are minor units, times milliseconds since the Unix epoch. */
export interface PspPayment {
  readonly id: string;
  /** The shop's id of it. */
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly status: "pending" | "succeeded" | "failed" | "closed";
  readonly failure: string | null;
  readonly createdAt: number;
}

export interface PspRefund {
  readonly id: string;
  readonly paymentId: string;
  /** The shop's id of it. */
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: "succeeded" | "failed";
  readonly failure: string | null;
  readonly createdAt: number;
}

/** A customer's attempt to save a card. */
export interface PspSetup {
  readonly id: string;
  /** The shop's id of it. */
  readonly reference: string;
  /** The shop's id of the customer. */
  readonly customer: string;
  readonly status: "pending" | "succeeded";
  /** Of the last attempt. */
  readonly failure: string | null;
  readonly methodId: string | null;
  readonly createdAt: number;
}

/** A saved card. There is no number behind it. */
export interface PspMethod {
  readonly id: string;
  readonly customer: string;
  readonly brand: string;
  readonly lastFour: string;
  readonly expiryMonth: number;
  readonly expiryYear: number;
  /** `pays`, `declines`, or `asks` for the customer's authentication. */
  readonly behaviour: "pays" | "declines" | "asks";
  readonly createdAt: number;
  readonly detachedAt: number | null;
}

/** A webhook, pending or delivered. */
export interface PspNotice {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly tries: number;
  readonly nextAt: number;
  readonly held: 0 | 1;
}

/** A response to repeat for its idempotency key. */
export interface StoredResponse {
  readonly request: string;
  readonly status: number;
  readonly body: string;
}

const tables = `
  CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY, reference TEXT, amount INT, currency TEXT, description TEXT,
    status TEXT, failure TEXT, createdAt INT);
  CREATE TABLE IF NOT EXISTS refunds (id TEXT PRIMARY KEY, paymentId TEXT, reference TEXT, amount INT, currency TEXT,
    status TEXT, failure TEXT, createdAt INT);
  CREATE TABLE IF NOT EXISTS setups (id TEXT PRIMARY KEY, reference TEXT, customer TEXT, status TEXT, failure TEXT,
    methodId TEXT, createdAt INT);
  CREATE TABLE IF NOT EXISTS methods (id TEXT PRIMARY KEY, customer TEXT, brand TEXT, lastFour TEXT, expiryMonth INT,
    expiryYear INT, behaviour TEXT, createdAt INT, detachedAt INT);
  CREATE TABLE IF NOT EXISTS notices (no INTEGER PRIMARY KEY, id TEXT, type TEXT, body TEXT, tries INT, nextAt INT, held INT,
    deliveredAt INT);
  CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, request TEXT, status INT, body TEXT);`;

/** The provider's ledger, in a file or in memory. Written before each response. */
export class PspLedger {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(file === ":memory:" ? tables : `PRAGMA journal_mode = WAL; ${tables}`);
  }

  /** Runs `work` atomically. */
  transaction<T>(work: () => T): T {
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

  /** @param reference the shop's id of it */
  paymentOf(reference: string): PspPayment | undefined {
    return this.#rows<PspPayment>("SELECT * FROM payments WHERE reference = ?", reference)[0];
  }

  /** @returns undefined unless it was pending or failed */
  settlePayment(
    id: string,
    status: "succeeded" | "failed" | "closed",
    failure: string | null,
  ): PspPayment | undefined {
    const sql =
      "UPDATE payments SET status = ?, failure = ? WHERE id = ? AND status IN ('pending', 'failed')";
    return this.#db.prepare(sql).run(status, failure, id).changes === 1 ? this.payment(id) : undefined;
  }

  /** @returns undefined unless it was open or closed */
  payLate(id: string): PspPayment | undefined {
    const sql =
      "UPDATE payments SET status = 'succeeded', failure = NULL WHERE id = ? AND status <> 'succeeded'";
    return this.#db.prepare(sql).run(id).changes === 1 ? this.payment(id) : undefined;
  }

  payments(): PspPayment[] {
    return this.#rows("SELECT * FROM payments ORDER BY createdAt, id");
  }

  refunds(paymentId?: string): PspRefund[] {
    return paymentId === undefined
      ? this.#rows("SELECT * FROM refunds ORDER BY createdAt, id")
      : this.#rows("SELECT * FROM refunds WHERE paymentId = ? ORDER BY createdAt, id", paymentId);
  }

  addSetup(setup: Pick<PspSetup, "reference" | "customer" | "createdAt">): PspSetup {
    const added = {
      ...setup,
      id: newPspId("set"),
      status: "pending",
      failure: null,
      methodId: null,
    } as const;
    this.#insert("setups", added);
    return added;
  }

  setup(id: string): PspSetup | undefined {
    return this.#rows<PspSetup>("SELECT * FROM setups WHERE id = ?", id)[0];
  }

  /** @returns undefined unless it was pending */
  finishSetup(
    id: string,
    { failure, methodId }: Pick<PspSetup, "failure" | "methodId">,
  ): PspSetup | undefined {
    const status = methodId === null ? "pending" : "succeeded";
    const sql = "UPDATE setups SET status = ?, failure = ?, methodId = ? WHERE id = ? AND status = 'pending'";
    const { changes } = this.#db.prepare(sql).run(status, failure, methodId, id);
    return changes === 1 ? this.setup(id) : undefined;
  }

  addMethod(method: Omit<PspMethod, "id" | "detachedAt">): PspMethod {
    const added = { ...method, id: newPspId("pm"), detachedAt: null };
    this.#insert("methods", added);
    return added;
  }

  method(id: string): PspMethod | undefined {
    return this.#rows<PspMethod>("SELECT * FROM methods WHERE id = ?", id)[0];
  }

  /** Those of a customer that are attached; of all customers when absent. */
  methods(customer?: string): PspMethod[] {
    const attached = "SELECT * FROM methods WHERE detachedAt IS NULL";
    return customer === undefined
      ? this.#rows(`${attached} ORDER BY createdAt, id`)
      : this.#rows(`${attached} AND customer = ? ORDER BY createdAt, id`, customer);
  }

  /** @returns false when it was detached before, or never attached */
  detachMethod(id: string, now: number): boolean {
    const sql = "UPDATE methods SET detachedAt = ? WHERE id = ? AND detachedAt IS NULL";
    return this.#db.prepare(sql).run(now, id).changes === 1;
  }

  storedResponse(key: string): StoredResponse | undefined {
    return this.#rows<StoredResponse>("SELECT request, status, body FROM answers WHERE key = ?", key)[0];
  }

  storeResponse(key: string, answer: StoredResponse): void {
    this.#insert("answers", { key, ...answer });
  }

  addNotice(notice: PspNotice): void {
    this.#insert("notices", { ...notice });
  }

  /** Undelivered and not held, the next one first. */
  waiting(limit: number): (PspNotice & { readonly no: number })[] {
    return this.#rows(
      "SELECT * FROM notices WHERE deliveredAt IS NULL AND held = 0 ORDER BY nextAt, no LIMIT ?",
      limit,
    );
  }

  /** In order of creation. */
  held(): (PspNotice & { readonly no: number })[] {
    return this.#rows("SELECT * FROM notices WHERE deliveredAt IS NULL AND held = 1 ORDER BY no");
  }

  undelivered(): number {
    return (
      this.#rows<{ count: number }>("SELECT COUNT(*) AS count FROM notices WHERE deliveredAt IS NULL")[0]
        ?.count ?? 0
    );
  }

  release(): void {
    this.#db.exec("UPDATE notices SET held = 0 WHERE held = 1");
  }

  delivered(no: number, now: number): void {
    this.#db.prepare("UPDATE notices SET deliveredAt = ?, held = 0 WHERE no = ?").run(now, no);
  }

  postpone(no: number, nextAt: number): void {
    this.#db
      .prepare("UPDATE notices SET tries = tries + 1, nextAt = ?, held = 0 WHERE no = ?")
      .run(nextAt, no);
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

/** Unguessable: the id of a payment or setup authorizes finishing it. */
export function newPspId(kind: "pay" | "ref" | "set" | "pm" | "evt"): string {
  return `sbx_${kind}_${randomBytes(16).toString("hex")}`;
}
