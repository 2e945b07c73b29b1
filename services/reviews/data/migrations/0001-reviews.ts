import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../../../../mixins/database/column-types.ts";
import type { Migration } from "../../../../mixins/database/migrate.ts";
import { createInboxTable } from "../../../../mixins/events/inbox-table.ts";
import { createOutboxTable } from "../../../../mixins/events/outbox-table.ts";
import { createImageTables, dropImageTables } from "../../../../mixins/media/images-table.ts";
import { createTaskTables, dropTaskTables } from "../../../../mixins/tasks/tasks-table.ts";

const id = { type: DataTypes.CHAR(36), allowNull: false };
const optionalId = { type: DataTypes.CHAR(36), allowNull: true };
const key = { type: DataTypes.CHAR(36), primaryKey: true };
const moment = { type: DataTypes.BIGINT, allowNull: false };
const number = { type: DataTypes.INTEGER, allowNull: false };
const count = { ...number, defaultValue: 0 };
const word = { type: DataTypes.STRING(10), allowNull: false };
const name = { type: DataTypes.STRING(120), allowNull: true };
const reason = { type: DataTypes.STRING(200), allowNull: true };
const text = { type: DataTypes.TEXT, allowNull: false };

/** For every filter and order of the public lists. */
const listIndexes = ["product", "merchant"].flatMap((whose) =>
  ["", "rating", "is_pictured"].flatMap((filter) =>
    ["score", "created_at"].map((order): [string, string[]] => {
      const columns = [filter, order].filter((column) => column !== "");
      return [`reviews_of_${whose}_by_${columns.join("_")}`, [`${whose}_id`, "state", ...columns, "id"]];
    }),
  ),
);

/** Times are milliseconds since the Unix epoch. */
export const reviews: Migration = {
  name: "0001-reviews",

  async up(query: QueryInterface) {
    /** What was bought, by events of orders: who may review what. */
    await query.createTable("purchases", {
      order_id: key,
      variant_id: key,
      /** Null, as the product, while the order's payment has not been heard of. */
      line_id: { ...optionalId, unique: true },
      product_id: optionalId,
      merchant_id: optionalId,
      customer_id: id,
      /** `bought`, `received`, `reviewed`. */
      state: word,
      /** First delivery of the line, or the buyer's confirmation; 0 before. */
      received_at: moment,
    });
    await query.addIndex("purchases", ["customer_id", "state", "received_at", "line_id"], {
      name: "purchases_of_customer",
    });

    await query.createTable("reviews", {
      id: key,
      /** A line is reviewed once. */
      line_id: { ...id, unique: true },
      order_id: id,
      product_id: id,
      variant_id: id,
      merchant_id: optionalId,
      /** Null, as the name, after the author's account was deleted. */
      author_id: optionalId,
      author_name: name,
      is_anonymous: number,
      /** The variant's options when it was reviewed (JSON). */
      options: text,
      rating: number,
      body: text,
      /** JSON. */
      images: { type: mediumText, allowNull: true },
      is_pictured: count,
      follow_up: { type: DataTypes.TEXT, allowNull: true },
      follow_up_at: { type: DataTypes.BIGINT, allowNull: true },
      state: word,
      /** Of the last decision of staff. */
      reason,
      up_votes: count,
      down_votes: count,
      /** Up-votes less down-votes, to sort by. */
      score: count,
      /** Published replies. */
      replies: count,
      /** Since staff last looked at it. */
      reports: count,
      version: number,
      created_at: moment,
      updated_at: moment,
    });
    for (const [index, columns] of listIndexes) await query.addIndex("reviews", columns, { name: index });
    await query.addIndex("reviews", ["author_id", "created_at", "id"], { name: "reviews_of_author" });
    await query.addIndex("reviews", ["state", "created_at", "id"], { name: "reviews_by_state" });

    /** Published reviews of each product and merchant, counted. */
    await query.createTable("ratings", {
      subject_id: key,
      /** `product` or `merchant`. */
      subject: word,
      stars_1: count,
      stars_2: count,
      stars_3: count,
      stars_4: count,
      stars_5: count,
      /** Reviews with pictures. */
      pictured: count,
      version: count,
    });

    await query.createTable("review_votes", {
      review_id: key,
      user_id: key,
      /** 1 or -1. */
      value: number,
    });

    await query.createTable("review_replies", {
      id: key,
      review_id: id,
      /** The reply that it answers; null: the review. */
      parent_id: optionalId,
      /** 1 below the review. */
      depth: number,
      /** `customer`, `merchant` or `shop`. */
      written_by: word,
      author_id: optionalId,
      author_name: name,
      body: text,
      state: word,
      reason,
      reports: count,
      created_at: moment,
    });
    await query.addIndex("review_replies", ["review_id", "state", "created_at", "id"], {
      name: "review_replies_of_review",
    });
    await query.addIndex("review_replies", ["state", "created_at", "id"], {
      name: "review_replies_by_state",
    });
    await query.addIndex("review_replies", ["author_id"], { name: "review_replies_of_author" });

    await query.createTable("review_reports", {
      id: key,
      /** Id of the review or reply. */
      subject_id: id,
      /** `review` or `reply`. */
      subject: word,
      user_id: id,
      reason: { type: DataTypes.STRING(20), allowNull: false },
      note: { type: DataTypes.STRING(500), allowNull: true },
      created_at: moment,
    });
    await query.addIndex("review_reports", ["subject_id", "user_id"], {
      name: "review_reports_once",
      unique: true,
    });
    await query.addIndex("review_reports", ["subject_id", "created_at", "id"], {
      name: "review_reports_of_subject",
    });
    await query.addIndex("review_reports", ["created_at", "id"], { name: "review_reports_by_age" });

    await createImageTables(query);
    await createTaskTables(query);
    await createOutboxTable(query);
    await createInboxTable(query);
  },

  async down(query: QueryInterface) {
    await dropTaskTables(query);
    await dropImageTables(query);
    for (const table of [
      "inbox",
      "outbox",
      "review_reports",
      "review_replies",
      "review_votes",
      "ratings",
      "reviews",
      "purchases",
    ])
      await query.dropTable(table);
  },
};
