import type { QueryInterface } from "sequelize";
import { DataTypes } from "sequelize";
import { mediumText } from "../database/column-types.ts";

const id = DataTypes.CHAR(36);
const hash = DataTypes.CHAR(64);
const number = { type: DataTypes.INTEGER, allowNull: false };
const moment = { type: DataTypes.BIGINT, allowNull: false };

/**
 * Tables for images: those of each owner, and the stored files that they refer to. Times are milliseconds
 * since 1970 (UTC). The service also needs `createTaskTables`.
 */
export async function createImageTables(query: QueryInterface): Promise<void> {
  await query.createTable("images", {
    id: { type: id, primaryKey: true },
    /** Kind of the pictured thing, e.g. `product`. */
    owner_kind: { type: DataTypes.STRING(40), allowNull: false },
    owner_id: { type: id, allowNull: false },
    hash: { type: hash, allowNull: false },
    state: { type: DataTypes.STRING(10), allowNull: false },
    /** Why it failed. */
    fault: { type: DataTypes.STRING(40), allowNull: true },
    /** In its upright position, in pixels. */
    width: number,
    height: number,
    /** Text by locale (JSON). */
    alt: { type: mediumText, allowNull: false },
    /** From 0 to 1 (JSON), or null. */
    focal_point: { type: mediumText, allowNull: true },
    position: number,
    version: number,
    created_at: moment,
    updated_at: moment,
  });
  await query.addIndex("images", ["owner_kind", "owner_id", "position", "id"], { name: "images_of_owner" });
  await query.addIndex("images", ["state", "updated_at", "id"], { name: "images_by_state" });

  await query.addIndex("images", ["hash"], { name: "images_of_file" });

  await query.createTable("media_files", {
    hash: { type: hash, primaryKey: true },
    /** `new` until its renditions are stored, then `ready`; `removing` while its files are removed. */
    state: { type: DataTypes.STRING(10), allowNull: false },
    /** Number of images that refer to it. */
    reference_count: number,
    /** Last upload or last change of the references. */
    touched_at: moment,
  });
  await query.addIndex("media_files", ["reference_count", "touched_at", "hash"], {
    name: "files_unreferenced",
  });
}

export async function dropImageTables(query: QueryInterface): Promise<void> {
  for (const table of ["media_files", "images"]) await query.dropTable(table);
}
