import { spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { accountsSql, operationsAccountsSql } from "../../render/accounts.ts";
import { deployedServices } from "../../render/services.ts";
import { exists, inside } from "../directory.ts";
import { environment, tailOf } from "../processes.ts";
import type { Programs } from "./database-dialect.ts";
import { StackError } from "../stack-error.ts";
import { addressesOf, writePrivately, type StackSettings } from "../state.ts";
import { configuration, fillIn, replicaNames, type ReplicaName, type Server } from "./server.ts";

export type DatabaseName = "primary" | ReplicaName;
export const databaseNames: readonly DatabaseName[] = ["primary", ...replicaNames];

const answerWithinMs = 20_000;

const serverIds: Record<DatabaseName, number> = { primary: 1, "replica-1": 2, "replica-2": 3 };

/** One database server; `makeDataFolders` must have created its data. */
export function databaseServer(name: DatabaseName, settings: StackSettings): Server {
  const home = inside(settings.directory).home(name);
  const configFile = join(home, "my.cnf");
  const initFile = join(home, "admin.sql");
  return {
    name,
    port: settings.ports[name],
    patienceMs: 60_000,
    prepare: async () => {
      await mkdir(join(home, "tmp"), { recursive: true });
      await writePrivately(configFile, await databaseConfiguration(settings));
      await writePrivately(initFile, adminAccount(settings));
    },
    command: (programs) => ({
      command: programs.database,
      args: [
        `--defaults-file=${configFile}`,
        `--datadir=${join(home, "data")}`,
        `--tmpdir=${join(home, "tmp")}`,
        `--pid-file=${join(home, "server.pid")}`,
        `--init-file=${initFile}`,
        `--port=${settings.ports[name]}`,
        `--server-id=${serverIds[name]}`,
        `--read-only=${name === "primary" ? 0 : 1}`,
        ...(process.getuid?.() === 0 ? ["--user=root"] : []),
      ],
      cwd: home,
    }),
    check: () => asAdmin(name, settings, (connection) => execute(connection, "SELECT 1")),
  };
}

/** Creates missing data folders from one initialised folder: copying is far faster than initialising each. */
export async function makeDataFolders(
  programs: Programs,
  settings: StackSettings,
  names: readonly DatabaseName[] = databaseNames,
): Promise<void> {
  const dataFolder = (name: DatabaseName) => join(inside(settings.directory).home(name), "data");
  const missing: DatabaseName[] = [];
  for (const name of names) {
    if (!(await exists(dataFolder(name)))) missing.push(name);
  }
  if (missing.length === 0) return;
  if (missing.includes("primary") && missing.length < names.length) {
    throw new StackError(
      `The primary's data is missing in ${dataFolder("primary")}, but a replica's exists: start anew with \`stack down --purge\``,
    );
  }

  const template = inside(settings.directory).home("new-database");
  await rm(template, { recursive: true, force: true });
  await mkdir(template, { recursive: true });
  await writePrivately(join(template, "my.cnf"), await databaseConfiguration(settings));
  await initialise(programs, settings, template);
  // The primary first: a replica can be rebuilt from it at any time.
  for (const name of missing) {
    const copy = `${dataFolder(name)}.new`;
    await rm(copy, { recursive: true, force: true });
    await cp(join(template, "data"), copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
    for (const file of settings.dialect.identityFiles) await rm(join(copy, file), { force: true });
    await rename(copy, dataFolder(name));
  }
  await rm(template, { recursive: true });
}

async function initialise(programs: Programs, settings: StackSettings, template: string): Promise<void> {
  const logFile = inside(settings.directory).log("new-database");
  const { command, args, cwd } = settings.dialect.initialise(programs, template);
  await mkdir(inside(settings.directory).logs, { recursive: true });
  const log = openSync(logFile, "a", 0o600);
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: environment(settings.directory),
      stdio: ["ignore", log, log],
    });
    child.once("error", reject);
    child.once("exit", resolve);
  }).finally(() => closeSync(log));
  if (code !== 0)
    throw new StackError(
      `${command} created no database (exit code ${code}); the end of ${logFile}:\n${tailOf(logFile)}`,
    );
}

async function databaseConfiguration(settings: StackSettings): Promise<string> {
  const files = [
    "mysql/shop.cnf",
    "local/config/my.cnf",
    ...(settings.profile === "fast" ? ["local/config/my-fast.cnf"] : []),
  ];
  return configuration(files, { addresses: addressesOf(settings).join(",") });
}

/** Run by each server at its start, outside replication: creates the stack's admin account. */
function adminAccount(settings: StackSettings): string {
  return [
    "SET SESSION sql_log_bin = 0;",
    `CREATE USER IF NOT EXISTS shop_admin@'127.0.0.1' IDENTIFIED BY '${settings.secrets.admin}';`,
    "GRANT ALL PRIVILEGES ON *.* TO shop_admin@'127.0.0.1' WITH GRANT OPTION;",
    "",
  ].join("\n");
}

/** Creates schemas and accounts on the primary; existing ones stay. */
export async function makeAccounts(settings: StackSettings): Promise<void> {
  const { monitorPrivileges } = settings.dialect;
  const services = await deployedServices();
  const passwords = services.flatMap(({ name, database }) =>
    database ? [[database.mark, settings.secrets[name]]] : [],
  );
  await runOnPrimary(settings, accountsSql(services), {
    ...settings.secrets,
    ...Object.fromEntries(passwords),
    monitorPrivileges,
  });
}

/** Creates the database operators' accounts with these passwords. */
export async function makeOperationsAccounts(
  settings: StackSettings,
  passwords: { operator: string; backup: string },
): Promise<void> {
  const { operatorPrivileges, backupPrivileges } = settings.dialect;
  await runOnPrimary(settings, operationsAccountsSql(await deployedServices()), {
    ...passwords,
    operatorPrivileges,
    backupPrivileges,
  });
}

async function runOnPrimary(
  settings: StackSettings,
  sql: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const script = fillIn(sql, values);
  const statements = script
    .replaceAll(/^--.*$/gm, "")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
  await asAdmin("primary", settings, async (connection) => {
    for (const statement of statements) await execute(connection, statement);
  });
}

/** Runs `work` on a connection with all privileges. */
export function asAdmin<T>(
  name: DatabaseName,
  settings: StackSettings,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return withConnection(settings.ports[name], "shop_admin", settings.secrets.admin, work);
}

/** Runs `work` on a connection that can only monitor replication. */
export function asMonitor<T>(
  name: DatabaseName,
  settings: StackSettings,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return withConnection(settings.ports[name], "shop_monitor", settings.secrets.monitor, work);
}

async function withConnection<T>(
  port: number,
  user: string,
  password: string,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await createConnection({
    host: "127.0.0.1",
    port,
    user,
    password,
    connectTimeout: 3_000,
  });
  connection.on("error", () => undefined); // the query in flight rejects with it
  try {
    const result = await work(connection);
    await connection.end();
    return result;
  } finally {
    connection.destroy();
  }
}

/** Runs a statement; rejects on a timeout, e.g. of a frozen server. */
export async function execute(connection: Connection, sql: string): Promise<void> {
  await connection.query({ sql, timeout: answerWithinMs });
}

/** The only row of a query's result, or undefined; rejects as `execute` does. */
export async function oneRow<Row>(
  connection: Connection,
  sql: string,
  values: (string | number)[] = [],
): Promise<Row | undefined> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql, values, timeout: answerWithinMs });
  return rows[0] as Row | undefined;
}
