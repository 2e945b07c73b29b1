import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";

const id = DataTypes.CHAR(36);
const required = (type: typeof DataTypes.BIGINT | typeof DataTypes.INTEGER) => ({ type, allowNull: false });
const amount = required(DataTypes.BIGINT);
const moment = required(DataTypes.BIGINT);
const text = (length: number) => ({ type: DataTypes.STRING(length), allowNull: false });

/** Amounts are minor units, times milliseconds since the Unix epoch. */
export const settlements: Migration = {
  name: "0001-settlements",

  async up(query: QueryInterface) {
    await query.createTable("merchants", {
      id: { type: id, primaryKey: true },
      /** Copied from the merchants service; null until its event has arrived. */
      name: { type: DataTypes.STRING(200), allowNull: true },
      version: required(DataTypes.INTEGER),
      /** Owed to the merchant: not due yet, and due. The latter is negative while the merchant owes. */
      pending: amount,
      due: amount,
      /** Number of its transactions. */
      transactions: required(DataTypes.INTEGER),
      last_posted_at: moment,
    });
    await query.addIndex("merchants", ["due", "id"], { name: "merchants_due" });

    await query.createTable("terms", {
      merchant_id: { type: id, primaryKey: true },
      version: { type: DataTypes.INTEGER, primaryKey: true },
      valid_from: moment,
      basis_points: required(DataTypes.INTEGER),
      /** JSON. */
      categories: { type: DataTypes.TEXT, allowNull: false },
    });

    /** Parts of orders that were paid. */
    await query.createTable("sales", {
      part_id: { type: id, primaryKey: true },
      order_id: { type: id, allowNull: false },
      order_number: text(20),
      merchant_id: { type: id, allowNull: false },
      currency: text(3),
      total: amount,
      borne_by_mall: amount,
      commission: amount,
      refunded: amount,
      paid_at: moment,
      /** When it becomes due: null until its receipt, and again once it is due. */
      release_at: { type: DataTypes.BIGINT, allowNull: true },
      released_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("sales", ["release_at", "part_id"], { name: "sales_to_release" });
    await query.addIndex("sales", ["order_id"], { name: "sales_of_order" });

    /** An event that repeats a refund has no effect; one that arrives before the sale's is posted with that. */
    await query.createTable("refunds", {
      refund_id: { type: id, primaryKey: true },
      part_id: { type: id, primaryKey: true },
      amount,
      /** Null until the sale is known. */
      posted_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("refunds", ["part_id"], { name: "refunds_of_part" });
    /** Parts whose goods were received, also before the event of their sale. */
    await query.createTable("receipts", { part_id: { type: id, primaryKey: true }, received_at: moment });

    await query.createTable("transactions", {
      id: { type: id, primaryKey: true },
      merchant_id: { type: id, allowNull: false },
      /** Counts the merchant's transactions from 1. */
      sequence: required(DataTypes.INTEGER),
      kind: text(20),
      posted_at: moment,
      /** Owed to the merchant after it. */
      pending: amount,
      due: amount,
      order_id: { type: id, allowNull: true },
      order_number: { type: DataTypes.STRING(20), allowNull: true },
      /** The part, refund or transfer that it is about. */
      subject_id: { type: id, allowNull: true },
      actor: text(100),
      reason: { type: DataTypes.STRING(200), allowNull: true },
    });
    await query.addIndex("transactions", ["merchant_id", "sequence"], {
      name: "transactions_of_merchant",
      unique: true,
    });
    await query.addIndex("transactions", ["merchant_id", "posted_at", "sequence"], {
      name: "transactions_by_time",
    });
    await query.addIndex("transactions", ["subject_id"], { name: "transactions_of_subject" });
    await query.addIndex("transactions", ["order_id"], { name: "transactions_of_order" });
    await query.createTable("entries", {
      transaction_id: { type: id, primaryKey: true },
      account: { type: DataTypes.STRING(20), primaryKey: true },
      amount,
    });

    await query.createTable("payouts", {
      id: { type: id, primaryKey: true },
      /** Whoever made it, and their key: a request that is sent again makes no other. */
      actor: text(100),
      idempotency_key: text(255),
      fingerprint: text(64),
      currency: text(3),
      amount,
      transfers: required(DataTypes.INTEGER),
      created_at: moment,
    });
    await query.addIndex("payouts", ["actor", "idempotency_key"], { name: "payouts_by_key", unique: true });
    await query.addIndex("payouts", ["created_at", "id"], { name: "payouts_by_time" });
    await query.createTable("transfers", {
      id: { type: id, primaryKey: true },
      payout_id: { type: id, allowNull: false },
      merchant_id: { type: id, allowNull: false },
      amount,
      status: text(10),
      /** JSON: the payout account at that time; null where the merchant had none. */
      account: { type: DataTypes.TEXT, allowNull: true },
      failure: { type: DataTypes.STRING(200), allowNull: true },
      created_at: moment,
      settled_at: { type: DataTypes.BIGINT, allowNull: true },
    });
    await query.addIndex("transfers", ["payout_id", "merchant_id"], {
      name: "transfers_of_payout",
      unique: true,
    });
    await query.addIndex("transfers", ["merchant_id", "created_at", "id"], { name: "transfers_of_merchant" });

    await query.createTable("payout_accounts", {
      merchant_id: { type: id, primaryKey: true },
      /** JSON. */
      account: { type: DataTypes.TEXT, allowNull: false },
      version: required(DataTypes.INTEGER),
      updated_at: moment,
    });

    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    for (const table of [
      "inbox",
      "outbox",
      "payout_accounts",
      "transfers",
      "payouts",
      "entries",
      "transactions",
      "receipts",
      "refunds",
      "sales",
      "terms",
      "merchants",
    ])
      await query.dropTable(table);
  },
};
