import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../config/index.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import type { Database } from "../../mixins/database/database.ts";
import { migrateUp } from "../../services/operations/migrate.ts";
import { openData } from "../bench/data/databases.ts";
import { forSearching } from "../bench/scale/database-server.ts";
import { serversOf } from "../bench/shop.ts";
import { openCatalogue } from "./open-catalogue.ts";

/** An empty catalogue to search, in a directory that goes with it. */
export interface ReportCatalogue {
  readonly database: Database;
  /** Its servers, by name. */
  readonly processes: ReadonlyMap<string, number>;
  /** Of tables and indexes. */
  readonly bytes: () => Promise<number>;
}

export const engines = ["sqlite", "mariadb"] as const;

/** @param undo removes it */
export async function openReportCatalogue(
  engine: (typeof engines)[number],
  undo: AsyncDisposableStack,
): Promise<ReportCatalogue> {
  const directory = await mkdtemp(join(tmpdir(), "search-report-"));
  undo.defer(() => rm(directory, { recursive: true, force: true }));
  if (engine === "mariadb") return onServer(directory, undo);
  const file = join(directory, "catalog.sqlite");
  const database = await openCatalogue(file);
  undo.defer(() => database.sequelize.close());
  return { database, processes: new Map(), bytes: async () => (await stat(file)).size };
}

async function onServer(directory: string, undo: AsyncDisposableStack): Promise<ReportCatalogue> {
  const options = { directory: join(directory, "stack"), replicas: false, yes: true, fast: true } as const;
  const stack = await startStack(options);
  undo.defer(() => stopStack({ directory: options.directory, purge: true }));
  for (const name of ["rabbitmq", "redis"] as const) await stack.shutDown(name);
  await forSearching(stack);
  const config = loadConfig({ ...stack.environment, DEMO_DATA: "false" });
  await migrateUp(config, () => undefined);
  const database = openData(config, "catalog");
  undo.defer(() => database.sequelize.close());
  return {
    database,
    processes: new Map(await serversOf(stack, ["primary"])),
    async bytes() {
      const [size] = await database.select<{ bytes: number | string }>(
        "SELECT SUM(data_length + index_length) AS bytes FROM information_schema.tables WHERE table_schema = DATABASE()",
      );
      return Number(size?.bytes ?? 0);
    },
  };
}
