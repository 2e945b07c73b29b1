import type { Config } from "../../../config/index.ts";
import { Database } from "../../../mixins/database/database.ts";
import { openMysql, openPrimary } from "../../../mixins/database/mysql/open.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";

/** A service's database, bypassing the service. */
export function openData({ database }: Config, service: string): Database {
  return new Database(
    database.engine === "sqlite" ? openSqlite(database.file(service)) : openPrimary(database, service),
  );
}

/** The orders service's schema, with the right to create tables. */
export function openFloorData({ database }: Config): Database {
  if (database.engine !== "mysql") throw new Error("the floor's data is on the stack's primary");
  return new Database(
    openMysql(database.primary, { schema: database.schema("orders"), ...database.migration }, 4),
  );
}

const opened = new Map<Config, Map<string, Database>>();

/** Runs `work` with a service's database, which stays open until `closeData`. */
export async function withData<T>(
  config: Config,
  service: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const known = opened.get(config) ?? new Map<string, Database>();
  opened.set(config, known);
  const database = known.get(service) ?? openData(config, service);
  known.set(service, database);
  return work(database);
}

export async function closeData(): Promise<void> {
  const all = [...opened.values()].flatMap((known) => [...known.values()]);
  opened.clear();
  await Promise.all(all.map(({ sequelize }) => sequelize.close()));
}
