import { execFileSync, spawn } from "node:child_process";
import { accessSync, closeSync, constants, mkdirSync, openSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { callerEnvironment } from "./caller-environment.ts";
import { tailOf } from "./processes.ts";
import { mariadb, mysql, type DatabaseDialect, type Programs } from "./servers/database-dialect.ts";
import { ServersMissing, StackError } from "./stack-error.ts";

type Missing = "database" | "redis" | "rabbitmq";

const debianPackages: Record<Missing, string[]> = {
  database: ["mariadb-server-core", "mariadb-client-core"], // the core packages have no service; the client has my_print_defaults, which the installer needs
  redis: ["redis-server"],
  rabbitmq: ["rabbitmq-server"],
};

const installScript = fileURLToPath(new URL("install-packages.sh", import.meta.url));

export interface InstallOptions {
  /** Install without asking. */
  yes: boolean;
  logFile: string;
  log: (line: string) => void;
}

/**
 * Finds the servers' programs and installs missing ones from system packages, after an announcement and, at a
 * terminal, a confirmation. Otherwise throws with installation instructions.
 */
export async function ensurePrograms(options: InstallOptions): Promise<Programs> {
  const before = findPrograms();
  if (before.programs !== undefined) return before.programs;
  const packages = before.missing.flatMap((missing) => debianPackages[missing]);
  const canInstall = process.getuid?.() === 0 && locate("apt-get") !== undefined;
  if (!canInstall) throw new ServersMissing(installHint(before.missing, packages));

  options.log(
    `Not installed: ${before.missing.join(", ")}. Installing with apt-get: ${packages.join(" ")} (no service is started or enabled)`,
  );
  if (!(await confirmInstall(options.yes)))
    throw new ServersMissing(`Nothing was installed. ${installHint(before.missing, packages)}`);
  await install(packages, options);

  const after = findPrograms();
  if (after.programs === undefined)
    throw new StackError(`Installed ${packages.join(" ")}, but still found no ${after.missing.join(", ")}`);
  return after.programs;
}

function findPrograms(): { programs: Programs; missing: [] } | { programs: undefined; missing: Missing[] } {
  const database = locate("mariadbd") ?? locate("mysqld");
  const redis = locate("redis-server") ?? locate("valkey-server");
  // Debian's wrapper in /usr/sbin requires root or the user rabbitmq; the wrapped script does not.
  const rabbitmq = locate("rabbitmq-server", ["/usr/lib/rabbitmq/bin"]);
  const epmd = locate("epmd", ["/usr/lib/erlang/bin", "/usr/local/lib/erlang/bin"]);
  const dialect = database === undefined ? undefined : dialectOf(database);
  const databaseInstaller = locate("mariadb-install-db");
  const databaseReady =
    dialect === mysql || (databaseInstaller !== undefined && locate("my_print_defaults") !== undefined);

  if (
    database !== undefined &&
    dialect !== undefined &&
    databaseReady &&
    redis !== undefined &&
    rabbitmq !== undefined &&
    epmd !== undefined
  ) {
    return { programs: { database, databaseInstaller, dialect, redis, rabbitmq, epmd }, missing: [] };
  }
  const missing: Missing[] = [];
  if (database === undefined || !databaseReady) missing.push("database");
  if (redis === undefined) missing.push("redis");
  if (rabbitmq === undefined || epmd === undefined) missing.push("rabbitmq");
  return { programs: undefined, missing };
}

function dialectOf(database: string): DatabaseDialect {
  const version = execFileSync(database, ["--no-defaults", "--version"], { encoding: "utf8" });
  return version.includes("MariaDB") ? mariadb : mysql;
}

function locate(name: string, first: string[] = []): string | undefined {
  const path = (callerEnvironment().PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  // Servers are often in folders that only root's PATH contains.
  const folders = [
    ...first,
    ...path,
    "/usr/local/sbin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/sbin",
  ];
  return folders
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

async function confirmInstall(yes: boolean): Promise<boolean> {
  const attended = process.stdin.isTTY && process.stderr.isTTY && callerEnvironment().CI !== "true";
  if (yes || !attended) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes)?$/i.test((await terminal.question("Install them now? [Y/n] ")).trim());
  } finally {
    terminal.close();
  }
}

async function install(packages: string[], options: InstallOptions): Promise<void> {
  const began = Date.now();
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "a", 0o600);
  const code = await new Promise<number | null>((resolve, reject) => {
    // Detached: Ctrl-C must not interrupt dpkg.
    const child = spawn("sh", [installScript, ...packages], { detached: true, stdio: ["ignore", log, log] });
    child.once("error", reject);
    child.once("exit", resolve);
  }).finally(() => closeSync(log));
  if (code !== 0) {
    throw new StackError(
      `Installing ${packages.join(" ")} failed (exit code ${code}); the end of ${options.logFile}:\n${tailOf(options.logFile)}`,
    );
  }
  options.log(`Installed in ${((Date.now() - began) / 1000).toFixed(0)} s`);
}

function installHint(missing: Missing[], packages: string[]): string {
  const lines = [
    `These servers are missing: ${missing.join(", ")}.`,
    `  On Debian or Ubuntu, as root: sh ${installScript} ${packages.join(" ")}`,
    "  Where Docker works, `stack up` runs them in containers instead.",
    "  Elsewhere: install MariaDB 10.6 or newer (or MySQL 8), Redis 6.2 or newer and RabbitMQ 3.10 or newer, so that mariadbd, redis-server and rabbitmq-server are in the PATH.",
  ];
  return lines.join("\n");
}
