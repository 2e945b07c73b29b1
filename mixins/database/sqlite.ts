import type { Options } from "sequelize";
import { Sequelize } from "sequelize";
import { nodeSqlite } from "./node-sqlite.ts";

/** A Sequelize over one SQLite file; `readOnly`, it neither makes the file nor disturbs the process that writes it. */
export function openSqlite(file: string, { readOnly = false } = {}): Sequelize {
  return new Sequelize({
    dialect: "sqlite",
    storage: file,
    dialectModule: nodeSqlite,
    dialectOptions: readOnly ? { mode: nodeSqlite.OPEN_READONLY } : {},
    logging: false,
    // Sequelize would send the PRAGMA with every transaction, which makes SQLite prepare all statements anew. Schemas
    // declare no foreign keys: rows that must agree change in one transaction.
    foreignKeys: false,
  } as Options);
}
