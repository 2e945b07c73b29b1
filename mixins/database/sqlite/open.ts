import type { Options } from "sequelize";
import { Sequelize } from "sequelize";
import { sqliteDialectModule } from "./sequelize-dialect-module.ts";
import { flushed } from "./wal-sync.ts";

/**
 * A Sequelize over one SQLite file; closing it awaits durability. With `readOnly` it neither creates the file
 * nor disturbs the process that writes it.
 */
export function openSqlite(file: string, { readOnly = false } = {}): Sequelize {
  const sequelize = new Sequelize({
    dialect: "sqlite",
    storage: file,
    dialectModule: sqliteDialectModule,
    dialectOptions: readOnly ? { mode: sqliteDialectModule.OPEN_READONLY } : {},
    logging: false,
    // Sequelize would send the PRAGMA with every transaction, which makes SQLite re-prepare all statements.
    // The schemas declare no foreign keys.
    foreignKeys: false,
  } as Options);
  const close = sequelize.close.bind(sequelize);
  // A failed sync rejects the transactions that await it.
  sequelize.close = async () => {
    await flushed(file)?.catch(() => undefined);
    await close();
  };
  return sequelize;
}

/** The file of a Sequelize over SQLite. */
export function fileOf(sequelize: Sequelize): string {
  return (sequelize as unknown as { options: { storage?: string } }).options.storage ?? "";
}
