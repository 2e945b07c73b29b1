import type { DataService } from "../../../config/database.ts";
import type { Config } from "../../../config/index.ts";
import { Database } from "../../../mixins/database/database.ts";
import { openMysql, openPrimary } from "../../../mixins/database/mysql.ts";
import { openSqlite } from "../../../mixins/database/sqlite.ts";

/** A service's own data, past the service. */
export function openData({ database }: Config, service: DataService): Database {
  return new Database(database.engine === "sqlite" ? openSqlite(database.file(service)) : openPrimary(database, service));
}

/** With the rights to make tables, in the schema of the orders service. */
export function openFloorData({ database }: Config): Database {
  if (database.engine !== "mysql") throw new Error("the floor's data is on the stack's primary");
  return new Database(openMysql(database.primary, { schema: database.schema("orders"), ...database.migration }, 4));
}

const opened = new Map<Config, Map<DataService, Database>>();

/** Runs `work` with a service's data, which stays open until `closeData`. */
export async function withData<T>(config: Config, service: DataService, work: (database: Database) => Promise<T>): Promise<T> {
  const known = opened.get(config) ?? new Map<DataService, Database>();
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
