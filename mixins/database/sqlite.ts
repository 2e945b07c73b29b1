import { Sequelize } from "sequelize";
import { nodeSqlite } from "./node-sqlite.ts";

/** A Sequelize over one SQLite file. */
export function openSqlite(file: string): Sequelize {
  return new Sequelize({ dialect: "sqlite", storage: file, dialectModule: nodeSqlite, logging: false });
}
