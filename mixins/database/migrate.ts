import type { QueryInterface, Sequelize } from "sequelize";
import { SequelizeStorage, Umzug } from "umzug";

/** One step of a service's schema, with its way back. Names sort in the order in which they run. */
export interface Migration {
  readonly name: string;
  up(query: QueryInterface): Promise<void>;
  down(query: QueryInterface): Promise<void>;
}

/** Which of a service's migrations have run. Callers make sure that only one node migrates at a time. */
export function migrator(sequelize: Sequelize, migrations: readonly Migration[]) {
  return new Umzug<QueryInterface>({
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize, tableName: "migrations" }),
    logger: undefined,
    migrations: migrations.map((migration) => ({
      name: migration.name,
      up: ({ context }) => migration.up(context),
      down: ({ context }) => migration.down(context),
    })),
  });
}
