import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { exists, inside } from "./directory.ts";
import { portNames, type Ports } from "./ports.ts";
import { mariadb, mysql, type DatabaseDialect } from "./servers/database-dialect.ts";
import { StackError } from "./stack-error.ts";

const secretNames = ["migrate", "replication", "monitor", "admin", "redis", "amqp", "cookie"] as const;

/** Those of the servers, and the database password of each service, by its name. */
export type Secrets = Record<(typeof secretNames)[number], string> & Record<string, string>;

/** Durability of the databases: `durable` survives a power cut, `fast` only a crashed process. */
export type Profile = "durable" | "fast";

/** Persistent state of a stack. Secrets are generated once; data directories depend on them. */
export interface StackState {
  version: 1;
  profile: Profile;
  /** Engine of the data. */
  engine: DatabaseDialect["name"];
  ports: Partial<Ports>;
  /** A listen address besides 127.0.0.1. */
  listen?: string | undefined;
  secrets: Secrets;
}

/** Settings that the servers need. */
export interface StackSettings {
  directory: string;
  profile: Profile;
  dialect: DatabaseDialect;
  ports: Ports;
  listen: string | undefined;
  secrets: Secrets;
}

/** Listen addresses of the servers. */
export function addressesOf({ listen }: Pick<StackSettings, "listen">): string[] {
  return ["127.0.0.1", ...(listen === undefined ? [] : [listen])];
}

/** The remembered state; undefined in a new directory. */
export async function readState(directory: string): Promise<StackState | undefined> {
  const file = inside(directory).state;
  if (!(await exists(file))) return undefined;
  try {
    const state = JSON.parse(await readFile(file, "utf8")) as StackState;
    const complete =
      state.version === 1 && secretNames.every((name) => typeof state.secrets[name] === "string");
    if (complete) return state;
  } catch {
    // Reported below.
  }
  throw new StackError(
    `${file} cannot be read, and with it the passwords of the data beside it: start anew with \`stack down --purge\``,
  );
}

/** Gives a password to each service that has none, as those do that were added since the last start. */
export function addServicePasswords(
  { secrets }: Pick<StackState, "secrets">,
  services: readonly string[],
): void {
  for (const name of services) secrets[name] ??= newSecret();
}

/** Database passwords by service. */
export function servicePasswords({ secrets }: Pick<StackSettings, "secrets">): Record<string, string> {
  return Object.fromEntries(
    Object.entries(secrets).filter(([name]) => !(secretNames as readonly string[]).includes(name)),
  );
}

/** A state with new secrets and without ports. */
export function newState(profile: Profile, engine: StackState["engine"]): StackState {
  const secrets = Object.fromEntries(secretNames.map((name) => [name, newSecret()])) as Secrets;
  return { version: 1, profile, engine, ports: {}, secrets };
}

/** Letters, digits, - and _: need no quoting in URLs, SQL, shells and config files. */
function newSecret(): string {
  return `s${randomBytes(18).toString("base64url")}`;
}

/** Writes the state atomically, mode 0600. */
export async function writeState(directory: string, state: StackState): Promise<void> {
  await writePrivately(inside(directory).state, `${JSON.stringify(state, null, 2)}\n`);
}

/** Replaces a file atomically, mode 0600. */
export async function writePrivately(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Settings derived from a state; undefined until all ports are chosen. */
export function settingsOf(directory: string, state: StackState): StackSettings | undefined {
  if (portNames.some((name) => state.ports[name] === undefined)) return undefined;
  const dialect = state.engine === "MariaDB" ? mariadb : mysql;
  return {
    directory,
    profile: state.profile,
    dialect,
    ports: state.ports as Ports,
    listen: state.listen,
    secrets: state.secrets,
  };
}
