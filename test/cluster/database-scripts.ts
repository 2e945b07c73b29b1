import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environmentWith } from "../../config/index.ts";
import { asAdmin, makeOperationsAccounts } from "../../deploy/local/servers/database.ts";
import type { DatabaseName } from "../../deploy/local/servers/database.ts";
import { readState, settingsOf, writePrivately } from "../../deploy/local/state.ts";
import type { StackSettings } from "../../deploy/local/state.ts";

const scripts = fileURLToPath(new URL("../../deploy/mysql", import.meta.url));

export interface ScriptResult {
  readonly code: number;
  /** Standard output and errors. */
  readonly said: string;
  /** The last line of standard output. */
  readonly answer: string;
}

/** The scripts of deploy/mysql, as an operator of a local stack runs them. */
export class DatabaseScripts {
  readonly settings: StackSettings;
  /** The operator's files: settings, logins, backups. */
  readonly folder: string;
  /** File with the primary's address, which the scripts update. */
  readonly addressFile: string;

  private constructor(settings: StackSettings, folder: string) {
    this.settings = settings;
    this.folder = folder;
    this.addressFile = join(folder, "primary-address");
  }

  /** Creates the scripts' accounts and settings. */
  static async of(stackDirectory: string): Promise<DatabaseScripts> {
    const state = await readState(stackDirectory);
    const settings = state && settingsOf(stackDirectory, state);
    if (!settings) throw new Error(`there is no stack in ${stackDirectory}`);
    const { secrets } = settings;
    const folder = join(stackDirectory, "operator");
    const files = new DatabaseScripts(settings, folder);
    await mkdir(folder);
    await makeOperationsAccounts(settings, { operator: secrets.admin, backup: secrets.monitor });
    await writeFile(files.addressFile, files.serverOf("primary"));
    await writeFile(join(folder, "repoint"), `#!/bin/sh\nprintf %s "$1" > "${files.addressFile}"\n`, {
      mode: 0o755,
    });
    const login = async (file: string, user: string, password: string) =>
      writePrivately(join(folder, file), `[client]\nuser = ${user}\npassword = ${password}\n`);
    await login("operator.cnf", "shop_operator", secrets.admin);
    await login("backup.cnf", "shop_backup", secrets.monitor);
    await login("admin.cnf", "shop_admin", secrets.admin);
    const example = await readFile(join(scripts, "servers.conf"), "utf8");
    const values: Record<string, string> = {
      SERVERS: `"${(["primary", "replica-1", "replica-2"] as const).map((name) => files.serverOf(name)).join(" ")}"`,
      OPERATOR_FILE: join(folder, "operator.cnf"),
      BACKUP_FILE: join(folder, "backup.cnf"),
      REPLICATION_PASSWORD: secrets.replication,
      REPOINT: join(folder, "repoint"),
      BACKUP_DIR: join(folder, "backups"),
    };
    const lines = example.replaceAll(
      /^([A-Z_]+)=(.*)$/gm,
      (_, name: string, value: string) => `${name}=${values[name] ?? value}`,
    );
    await writePrivately(join(folder, "servers.conf"), lines);
    return files;
  }

  serverOf(name: DatabaseName): string {
    return `127.0.0.1:${this.settings.ports[name]}`;
  }

  run(script: string, ...args: string[]): Promise<ScriptResult> {
    return new Promise((resolve) => {
      const env = { ...environmentWith({}), SHOP_SERVERS_CONF: join(this.folder, "servers.conf") };
      execFile(join(scripts, script), args, { env }, (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error ? -1 : 0;
        resolve({ code, said: stdout + stderr, answer: stdout.trim().split("\n").at(-1) ?? "" });
      });
    });
  }

  /**
   * As `run`, but fails on an error.
   *
   * @throws Error with the output
   */
  async demand(script: string, ...args: string[]): Promise<ScriptResult> {
    const result = await this.run(script, ...args);
    if (result.code !== 0)
      throw new Error(`${script} ${args.join(" ")}: exit code ${result.code}\n${result.said}`);
    return result;
  }

  /** Ids of the shop's orders on a server. */
  async ordersOn(name: DatabaseName): Promise<Set<string>> {
    return asAdmin(name, this.settings, async (connection) => {
      const [rows] = await connection.query("SELECT id FROM shop_orders.orders");
      return new Set((rows as { id: string }[]).map(({ id }) => id));
    });
  }

  /** Inserts an event into the users service's outbox and waits until it is sent. */
  async passThroughOutbox({ id, envelope }: { id: string; envelope: string }): Promise<void> {
    await asAdmin("primary", this.settings, async (connection) => {
      // Due far in the future, so that no node sends it meanwhile.
      const values = [id, envelope, "waiting", 0, Number.MAX_SAFE_INTEGER];
      await connection.query(
        "INSERT INTO shop_users.outbox (id, envelope, status, attempts, due_at) VALUES (?)",
        [values],
      );
      await connection.query("DELETE FROM shop_users.outbox WHERE id = ?", [id]);
    });
  }

  /** Makes a replica diverge by as many transactions as the primary commits meanwhile. */
  async partHistories(primary: DatabaseName, replica: DatabaseName): Promise<void> {
    const semiSync =
      this.settings.dialect.name === "MariaDB"
        ? "rpl_semi_sync_master_enabled"
        : "rpl_semi_sync_source_enabled";
    await asAdmin(replica, this.settings, async (connection) => {
      for (const sql of [
        "STOP REPLICA",
        "RESET REPLICA ALL",
        "SET GLOBAL read_only = OFF",
        "CREATE DATABASE parted",
      ])
        await connection.query(sql);
    });
    await asAdmin(primary, this.settings, async (connection) => {
      for (const sql of [`SET GLOBAL ${semiSync} = OFF`, "CREATE DATABASE another"])
        await connection.query(sql);
    });
  }
}
