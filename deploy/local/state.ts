import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { exists, inside } from "./directory.ts";
import { portNames, type Ports } from "./ports.ts";
import { mariadb, mysql, type DatabaseDialect } from "./servers/database-dialect.ts";
import { StackError } from "./stack-error.ts";

const secretNames = ["users", "catalog", "cart", "orders", "audit", "migrate", "replication", "monitor", "admin", "redis", "amqp", "cookie"] as const;
export type SecretName = (typeof secretNames)[number];

/** How careful the databases are with the disk: `durable` survives a power cut, `fast` only the death of a process. */
export type Profile = "durable" | "fast";

/** What a stack remembers between commands. Secrets are made once; data directories belong to them. */
export interface StackState {
  version: 1;
  profile: Profile;
  /** Which engine made the data. */
  engine: DatabaseDialect["name"];
  ports: Partial<Ports>;
  /** An address of this machine on which the servers listen besides 127.0.0.1. */
  listen?: string | undefined;
  secrets: Record<SecretName, string>;
}

/** What the servers need to know of their stack. */
export interface StackSettings {
  directory: string;
  profile: Profile;
  dialect: DatabaseDialect;
  ports: Ports;
  listen: string | undefined;
  secrets: Record<SecretName, string>;
}

/** Where the servers listen. */
export function addressesOf({ listen }: Pick<StackSettings, "listen">): string[] {
  return ["127.0.0.1", ...(listen === undefined ? [] : [listen])];
}

/** The remembered state, or undefined in a new directory. */
export async function readState(directory: string): Promise<StackState | undefined> {
  const file = inside(directory).state;
  if (!(await exists(file))) return undefined;
  try {
    const state = JSON.parse(await readFile(file, "utf8")) as StackState;
    const complete = state.version === 1 && secretNames.every((name) => typeof state.secrets[name] === "string");
    if (complete) return state;
  } catch {
    // Told below.
  }
  throw new StackError(`${file} cannot be read, and with it the passwords of the data beside it: start anew with \`stack down --purge\``);
}

/** A state with secrets of its own and no ports yet. */
export function newState(profile: Profile, engine: StackState["engine"]): StackState {
  // Letters, digits, - and _: nothing that a URL, SQL, a shell or a config file would have to quote.
  const secrets = Object.fromEntries(secretNames.map((name) => [name, `s${randomBytes(18).toString("base64url")}`])) as Record<SecretName, string>;
  return { version: 1, profile, engine, ports: {}, secrets };
}

/** Keeps the state, readable by the owner only; a reader sees the old one or the new one, never half. */
export async function writeState(directory: string, state: StackState): Promise<void> {
  await writePrivately(inside(directory).state, `${JSON.stringify(state, null, 2)}\n`);
}

/** Replaces a file at once, mode 0600. */
export async function writePrivately(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The settings that a state stands for, once all ports are chosen; undefined before. */
export function settingsOf(directory: string, state: StackState): StackSettings | undefined {
  if (portNames.some((name) => state.ports[name] === undefined)) return undefined;
  const dialect = state.engine === "MariaDB" ? mariadb : mysql;
  return { directory, profile: state.profile, dialect, ports: state.ports as Ports, listen: state.listen, secrets: state.secrets };
}
