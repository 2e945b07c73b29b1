import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { dropColumns } from "../../../../mixins/database/drop-columns.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";

const id = DataTypes.CHAR(36);
const moment = { type: DataTypes.BIGINT, allowNull: false };
const momentOrNull = { type: DataTypes.BIGINT, allowNull: true };
const provider = { type: DataTypes.STRING(20), allowNull: false };
const count = { type: DataTypes.INTEGER, allowNull: false };
/** Binary: providers' ids are case-sensitive. */
const reference = DataTypes.STRING(255, true);

/** Payment methods that customers save at providers, and which of them a payment used. */
export const paymentMethods: Migration = {
  name: "0013-payment-methods.expand",

  async up(query: QueryInterface) {
    await query.createTable("payers", {
      customer_id: { type: id, primaryKey: true },
      default_method_id: { type: id, allowNull: true },
      /** Saved methods and pending setups; bounded. */
      places: count,
      /** When the account was deleted. */
      closed_at: momentOrNull,
    });
    await query.addIndex("payers", ["closed_at"], { name: "payers_closed" });

    await query.createTable("payer_accounts", {
      provider: { ...provider, primaryKey: true },
      customer_id: { type: id, primaryKey: true },
      /** The provider's id of the customer. */
      reference: { type: reference, allowNull: false },
      attempts: count,
      /** Of a deleted account: earliest next attempt to empty it at the provider. */
      due_at: momentOrNull,
    });
    await query.addIndex("payer_accounts", ["due_at"], { name: "payer_accounts_due" });
    await query.addIndex("payer_accounts", ["customer_id"], { name: "payer_accounts_of_customer" });

    await query.createTable("payment_setups", {
      id: { type: id, primaryKey: true },
      customer_id: { type: id, allowNull: false },
      provider,
      /** `pending`, `succeeded`, `expired` or `refused`. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      reference: { type: reference, allowNull: true },
      failure: { type: DataTypes.STRING(300), allowNull: true },
      method_id: { type: id, allowNull: true },
      attempts: count,
      /** Earliest next query at the provider; null when there is nothing to ask. */
      due_at: momentOrNull,
      created_at: moment,
      settled_at: momentOrNull,
    });
    await query.addIndex("payment_setups", ["customer_id", "created_at"], {
      name: "payment_setups_of_customer",
    });
    await query.addIndex("payment_setups", ["due_at"], { name: "payment_setups_due" });
    await query.addIndex("payment_setups", ["created_at"], { name: "payment_setups_created" });

    await query.createTable("payment_methods", {
      id: { type: id, primaryKey: true },
      customer_id: { type: id, allowNull: false },
      provider,
      /** The provider's id of it; null once detached. */
      token: { type: reference, allowNull: true },
      /** `active`, `removing` or `detached`. */
      status: { type: DataTypes.STRING(10), allowNull: false },
      brand: { type: DataTypes.STRING(40), allowNull: true },
      last_four: { type: DataTypes.STRING(4), allowNull: true },
      expiry_month: { type: DataTypes.INTEGER, allowNull: true },
      expiry_year: { type: DataTypes.INTEGER, allowNull: true },
      attempts: count,
      /** While removing: earliest next attempt to detach it. Detached: when. */
      due_at: momentOrNull,
      created_at: moment,
      removed_at: momentOrNull,
    });
    await query.addIndex("payment_methods", ["customer_id", "status", "created_at", "id"], {
      name: "payment_methods_of_customer",
    });
    await query.addIndex("payment_methods", ["provider", "token"], {
      name: "payment_methods_token",
      unique: true,
    });
    await query.addIndex("payment_methods", ["status", "due_at"], { name: "payment_methods_due" });

    await query.addColumn("payments", "method_id", { type: id, allowNull: true });
  },

  async down(query: QueryInterface) {
    await dropColumns(query, "payments", ["method_id"]);
    await query.dropTable("payment_methods");
    await query.dropTable("payment_setups");
    await query.dropTable("payer_accounts");
    await query.dropTable("payers");
  },
};
