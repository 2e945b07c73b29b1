import type { Database, Tx } from "../../../mixins/database/database.ts";
import type { Address } from "../../../mixins/contract/fields.ts";
import type { PersonalData } from "../domain/anonymise-customer.ts";
import type { OrderStatus } from "../domain/order-status.ts";

export interface DeletedCustomer {
  readonly customerId: string;
  /** Milliseconds since the Unix epoch. */
  readonly deletedAt: number;
}

/** An order of a customer scheduled for erasure. */
export interface OrderOfDeleted extends PersonalData {
  readonly id: string;
  readonly status: OrderStatus;
  readonly wasPaid: boolean;
}

type Row = { id: string; status: OrderStatus; address: string; note: string | null; paid: number };

/** Deleted accounts whose personal data are not fully erased yet. */
export class DeletedCustomerRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(customerId: string, deletedAt: number, tx: Tx): Promise<void> {
    await this.#database.insertIfAbsent(
      "deleted_customers",
      { customer_id: customerId, deleted_at: deletedAt },
      tx,
    );
  }

  /** Up to `limit` of them after `after`, by id. */
  async list(after: string, limit: number): Promise<DeletedCustomer[]> {
    const sql = `SELECT customer_id AS customerId, deleted_at AS deletedAt FROM deleted_customers
      WHERE customer_id > ? ORDER BY customer_id LIMIT ?`;
    return this.#database.select<DeletedCustomer>(sql, [after, limit]);
  }

  async ordersOf(customerId: string): Promise<OrderOfDeleted[]> {
    const rows = await this.#database.select<Row>(
      `SELECT o.id, o.status, o.address, o.note,
         (SELECT COUNT(*) FROM timeline t WHERE t.order_id = o.id AND t.event = 'paid') AS paid
       FROM orders o WHERE o.customer_id = ?`,
      [customerId],
    );
    return rows.map(({ id, status, address, note, paid }) => ({
      id,
      status,
      shippingAddress: JSON.parse(address) as Address,
      note,
      wasPaid: paid > 0,
    }));
  }

  /** Redacts an order's personal data, unless the order has changed. */
  async anonymise(order: OrderOfDeleted, left: PersonalData, tx: Tx): Promise<void> {
    await this.#database.execute(
      "UPDATE orders SET address = ?, note = ?, contact_email = NULL, contact_phone = NULL, contact_locale = NULL WHERE id = ? AND status = ?",
      [JSON.stringify(left.shippingAddress), left.note, order.id, order.status],
      tx,
    );
    // The stored PDF contains the erased data.
    await this.#database.execute("DELETE FROM invoice_renditions WHERE order_id = ?", [order.id], tx);
  }

  async remove(customerId: string, tx: Tx): Promise<void> {
    await this.#database.execute("DELETE FROM deleted_customers WHERE customer_id = ?", [customerId], tx);
  }
}
