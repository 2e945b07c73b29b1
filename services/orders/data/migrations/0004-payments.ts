import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = DataTypes.CHAR(36);
const amount = { type: DataTypes.BIGINT, allowNull: false };
const moment = { type: DataTypes.BIGINT, allowNull: false };
const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };
/** Binary: providers' ids are case-sensitive. */
const reference = { type: DataTypes.STRING(255, true), allowNull: true };
const failure = { type: DataTypes.STRING(300), allowNull: true };

/**
 * Payments that start, succeed or fail at a provider; refunds as their own rows; providers' notifications;
 * and idempotency keys of work beyond one transaction.
 */
export const payments: Migration = {
  name: "0004-payments",

  async up(query: QueryInterface) {
    // Making a column nullable differs between engines; copying the table does not.
    await query.dropTable("payments_new");
    await query.createTable("payments_new", {
      id: { type: id, primaryKey: true },
      order_id: { type: id, allowNull: false },
      provider: { type: DataTypes.STRING(20), allowNull: false },
      /** `pending`, `succeeded`, `failed` or `mismatched`. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      reference,
      amount,
      currency: { type: DataTypes.CHAR(3), allowNull: false },
      /** Refunded, or due to be. */
      refunded: amount,
      failure,
      /** Received instead, if it was another amount. */
      received_amount: { type: DataTypes.BIGINT, allowNull: true },
      received_currency: { type: DataTypes.CHAR(3), allowNull: true },
      started_at: moment,
      paid_at: momentOrNull,
    });
    await run(
      query,
      `INSERT INTO payments_new (id, order_id, provider, status, reference, amount, currency, refunded, started_at, paid_at)
       SELECT p.id, p.order_id, p.provider, 'succeeded', p.reference, p.amount, p.currency, o.refunded, p.paid_at, p.paid_at
       FROM payments p JOIN orders o ON o.id = p.order_id`,
    );
    await query.dropTable("payments");
    await query.renameTable("payments_new", "payments");
    await query.addIndex("payments", ["order_id", "id"], { name: "payments_of_order" });
    await query.addIndex("payments", ["provider", "reference"], { name: "payments_reference" });

    await query.createTable("refunds", {
      id: { type: id, primaryKey: true },
      order_id: { type: id, allowNull: false },
      payment_id: { type: id, allowNull: false },
      amount,
      currency: { type: DataTypes.CHAR(3), allowNull: false },
      /** `cancellation`, `return`, `staff` or `late-payment`. */
      cause: { type: DataTypes.STRING(12), allowNull: false },
      reason: { type: DataTypes.STRING(200), allowNull: true },
      /** `requested`, `succeeded` or `failed`. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      reference,
      failure,
      attempts: { type: DataTypes.INTEGER, allowNull: false },
      /** Number of retries by staff after the provider refused it; part of the provider's idempotency key. */
      round: { type: DataTypes.INTEGER, allowNull: false },
      /** 1 when the provider refused it; 0 when its outcome is unknown. */
      refused: { type: DataTypes.INTEGER, allowNull: false },
      /** Earliest next attempt while requested; an attempt moves it forward first. */
      next_try_at: moment,
      requested_at: moment,
      settled_at: momentOrNull,
    });
    await query.addIndex("refunds", ["order_id", "id"], { name: "refunds_of_order" });
    await query.addIndex("refunds", ["payment_id"], { name: "refunds_of_payment" });
    await query.addIndex("refunds", ["status", "next_try_at"], { name: "refunds_due" });
    // Earlier versions made all refunds by hand.
    await refundsOf(
      query,
      "return",
      "SELECT id, order_id, refund AS amount, reason, returned_at AS given_at FROM returns WHERE refund > 0",
    );
    await refundsOf(
      query,
      "cancellation",
      `SELECT id, id AS order_id, refunded AS amount, NULL AS reason, updated_at AS given_at
       FROM orders WHERE refunded > 0 AND status = 'cancelled'`,
    );

    await query.createTable("payment_notices", {
      provider: { type: DataTypes.STRING(20), primaryKey: true },
      event_id: { type: DataTypes.STRING(255, true), primaryKey: true },
      type: { type: DataTypes.STRING(60), allowNull: false },
      /** The provider's id of the payment or refund. */
      reference,
      /** `applied`, `ignored`, `unknown` or `mismatched`. */
      outcome: { type: DataTypes.STRING(10), allowNull: false },
      received_at: moment,
    });
    await query.addIndex("payment_notices", ["received_at"], { name: "payment_notices_received" });

    await query.addColumn("idempotency_keys", "subject_id", { type: id, allowNull: true });
    await query.addColumn("idempotency_keys", "claim_until", { type: DataTypes.BIGINT, allowNull: true });
  },

  async down(query: QueryInterface) {
    await run(query, "DELETE FROM idempotency_keys WHERE response IS NULL");
    await dropColumns(query, "idempotency_keys", ["claim_until", "subject_id"]);
    await query.dropTable("payment_notices");
    await query.dropTable("refunds");
    await run(query, "DELETE FROM payments WHERE status <> 'succeeded'");
    const added = ["status", "refunded", "failure", "received_amount", "received_currency", "started_at"];
    await dropColumns(query, "payments", added);
  },
};

/** @param rows SQL that selects `id`, `order_id`, `amount`, `reason` and `given_at` */
async function refundsOf(query: QueryInterface, cause: string, rows: string): Promise<void> {
  await run(
    query,
    `INSERT INTO refunds (id, order_id, payment_id, amount, currency, cause, reason, status, attempts, round, refused,
       next_try_at, requested_at, settled_at)
     SELECT given.id, given.order_id, p.id, given.amount, p.currency, '${cause}', given.reason, 'succeeded', 0, 0, 0,
       given.given_at, given.given_at, given.given_at
     FROM (${rows}) given JOIN payments p ON p.order_id = given.order_id`,
  );
}

async function run(query: QueryInterface, sql: string): Promise<void> {
  await query.sequelize.query(sql);
}
