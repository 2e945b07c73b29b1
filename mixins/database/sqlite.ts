import type { Options } from "sequelize";
import { Sequelize } from "sequelize";
import { nodeSqlite } from "./node-sqlite.ts";
import { onDisk } from "./write-ahead-log.ts";

/** A Sequelize over one SQLite file, which it closes when all is on the disk; `readOnly`, it neither makes the file nor disturbs the process that writes it. */
export function openSqlite(file: string, { readOnly = false } = {}): Sequelize {
  const sequelize = new Sequelize({
    dialect: "sqlite",
    storage: file,
    dialectModule: nodeSqlite,
    dialectOptions: readOnly ? { mode: nodeSqlite.OPEN_READONLY } : {},
    logging: false,
    // Sequelize would send the PRAGMA with every transaction, which makes SQLite prepare all statements anew. Schemas
    // declare no foreign keys: rows that must agree change in one transaction.
    foreignKeys: false,
  } as Options);
  const close = sequelize.close.bind(sequelize);
  // Whoever waits for a commit is told if it fails.
  sequelize.close = async () => {
    await onDisk(file)?.catch(() => undefined);
    await close();
  };
  return sequelize;
}

/** The file of a Sequelize over SQLite. */
export function fileOf(sequelize: Sequelize): string {
  return (sequelize as unknown as { options: { storage?: string } }).options.storage ?? "";
}
