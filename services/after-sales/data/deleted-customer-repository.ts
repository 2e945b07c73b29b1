import type { Database, Tx } from "../../../mixins/database/database.ts";

export interface DeletedCustomer {
  readonly customerId: string;
  /** Milliseconds since the Unix epoch. */
  readonly deletedAt: number;
}

/** Deleted accounts whose texts are not fully erased yet. */
export class DeletedCustomerRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(customerId: string, deletedAt: number, tx: Tx): Promise<void> {
    const row = { customer_id: customerId, deleted_at: deletedAt };
    await this.#database.insertIfAbsent("deleted_customers", row, tx);
  }

  /** Up to `limit` of them after `after`, by id. */
  async list(after: string, limit: number): Promise<DeletedCustomer[]> {
    return this.#database.select<DeletedCustomer>(
      `SELECT customer_id AS customerId, deleted_at AS deletedAt FROM deleted_customers
       WHERE customer_id > ? ORDER BY customer_id LIMIT ?`,
      [after, limit],
    );
  }

  async remove(customerId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM deleted_customers WHERE customer_id = ?", [customerId], tx);
  }
}
