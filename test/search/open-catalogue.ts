import { Database } from "../../mixins/database/database.ts";
import { migrator } from "../../mixins/database/migrate.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import { migrations } from "../../services/catalog/data/migrations/index.ts";

/** An empty catalogue in a SQLite file, or in memory. */
export async function openCatalogue(file = ":memory:"): Promise<Database> {
  const server = openSqlite(file);
  await (await migrator(server, migrations)).up();
  return new Database(server);
}
