import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";
import { createImageTables, dropImageTables } from "../../../../mixins/media/images-table.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";

const id = DataTypes.CHAR(36);
const key = { type: id, primaryKey: true };
const idOrNull = { type: id, allowNull: true };
const number = { type: DataTypes.INTEGER, allowNull: false };
const moment = { type: DataTypes.BIGINT, allowNull: false };
const text = { type: mediumText, allowNull: false };
const textOrNull = { type: mediumText, allowNull: true };
/** Text compared by code points in every database. */
const exactText = (length: number) => ({ type: DataTypes.STRING(length, true), allowNull: false });
const role = DataTypes.STRING(20);

const tables = [
  "followers",
  "user_counts",
  "terms",
  "invitations",
  "members",
  "slug_history",
  "merchants",
] as const;

/** Times are milliseconds since 1970 (UTC). */
export const merchants: Migration = {
  name: "0001-merchants",

  async up(query: QueryInterface) {
    await createOutboxTable(query);
    await createInboxTable(query);
    await createTaskTables(query);
    await createImageTables(query);

    await query.createTable("merchants", {
      id: key,
      slug: { ...exactText(120), unique: true },
      name: { type: DataTypes.STRING(120), allowNull: false },
      name_key: exactText(200),
      description: text,
      /** JSON; null for none. */
      texts: textOrNull,
      status: { type: DataTypes.STRING(10), allowNull: false },
      /** Why staff rejected, suspended or closed it. */
      reason: textOrNull,
      /** JSON. */
      contact: text,
      legal: text,
      logo: textOrNull,
      /** Number of published products, kept by the catalogue's events. */
      products: number,
      followers: number,
      applicant_id: idOrNull,
      /** Of the profile. */
      version: number,
      /** Of the latest terms. */
      terms_version: number,
      created_at: moment,
      updated_at: moment,
    });
    await query.addIndex("merchants", ["status", "name_key", "id"], { name: "merchants_by_name" });
    await query.addIndex("merchants", ["status", "created_at", "id"], { name: "merchants_by_age" });

    /** Former slugs. */
    await query.createTable("slug_history", {
      entity: { ...exactText(20), primaryKey: true },
      slug: { ...exactText(120), primaryKey: true },
      entity_id: { type: id, allowNull: false },
    });
    await query.addIndex("slug_history", ["entity_id"], { name: "slug_history_of_entity" });

    await query.createTable("members", {
      merchant_id: key,
      user_id: key,
      /** Null after the end of the membership, so that its next version follows. */
      role: { type: role, allowNull: true },
      /** The address that was invited; null after the end. */
      email: { type: DataTypes.STRING(254), allowNull: true },
      version: number,
      joined_at: moment,
    });
    await query.addIndex("members", ["user_id", "merchant_id"], { name: "members_by_user" });
    await query.addIndex("members", ["merchant_id", "joined_at", "user_id"], { name: "members_by_age" });

    await query.createTable("invitations", {
      id: key,
      merchant_id: { type: id, allowNull: false },
      email: exactText(254),
      role: { type: role, allowNull: false },
      created_at: moment,
      expires_at: moment,
    });
    await query.addIndex("invitations", ["merchant_id", "email"], {
      name: "invitations_of_address",
      unique: true,
    });
    await query.addIndex("invitations", ["merchant_id", "created_at", "id"], { name: "invitations_by_age" });
    await query.addIndex("invitations", ["email", "created_at", "id"], { name: "invitations_by_address" });
    await query.addIndex("invitations", ["expires_at"], { name: "invitations_by_end" });

    /** Commission from a time on, append-only. */
    await query.createTable("terms", {
      merchant_id: key,
      version: { type: DataTypes.INTEGER, primaryKey: true },
      valid_from: moment,
      basis_points: number,
      /** JSON; null for none. */
      categories: textOrNull,
      created_at: moment,
    });

    /** How many memberships a user has, and merchants they follow; both are limited. */
    await query.createTable("user_counts", { user_id: key, memberships: number, followed: number });

    await query.createTable("followers", { user_id: key, merchant_id: key, followed_at: moment });
    await query.addIndex("followers", ["user_id", "followed_at", "merchant_id"], {
      name: "followed_by_age",
    });
    await query.addIndex("followers", ["merchant_id"], { name: "followers_of_merchant" });
  },

  async down(query: QueryInterface) {
    for (const table of tables) await query.dropTable(table);
    await dropImageTables(query);
    await dropTaskTables(query);
    await query.dropTable("inbox");
    await query.dropTable("outbox");
  },
};
