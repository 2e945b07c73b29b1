import { readFileSync } from "node:fs";
import { withParts } from "./parts.ts";
import type { DeployedService, ServiceDatabase } from "./services.ts";

const folder = new URL("../mysql/", import.meta.url);

/** `deploy/mysql/accounts.sql` for these services. */
export function accountsSql(services: readonly DeployedService[]): string {
  const databases = databasesOf(services);
  const each = (line: (database: ServiceDatabase) => string) => databases.map(line).join("\n");
  return withParts(read("accounts.sql"), {
    schemas: each(({ schema }) => `CREATE DATABASE IF NOT EXISTS ${schema};`),
    services: [
      each(({ schema, mark }) => `CREATE USER IF NOT EXISTS ${schema}@'%' IDENTIFIED BY '{{${mark}}}';`),
      ...databases
        .filter(({ grants }) => grants === undefined)
        .map(({ schema }) => `GRANT SELECT, INSERT, UPDATE, DELETE ON ${schema}.* TO ${schema}@'%';`),
      ...databases.flatMap(({ grants }) => (grants === undefined ? [] : ["", grants])),
    ].join("\n"),
    migrations: each(
      ({ schema }) =>
        `GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON ${schema}.* TO shop_migrate@'%';`,
    ),
  });
}

/** `deploy/mysql/accounts-operations.sql` for these services. */
export function operationsAccountsSql(services: readonly DeployedService[]): string {
  const grants = databasesOf(services).map(
    ({ schema }) => `GRANT SELECT, SHOW VIEW, TRIGGER, LOCK TABLES ON ${schema}.* TO shop_backup@'%';`,
  );
  return withParts(read("accounts-operations.sql"), { backups: grants.join("\n") });
}

export function databasesOf(services: readonly DeployedService[]): ServiceDatabase[] {
  return services.flatMap(({ database }) => database ?? []);
}

function read(file: string): string {
  return readFileSync(new URL(file, folder), "utf8");
}
