import { readFile } from "node:fs/promises";
import type { PortName } from "../ports.ts";
import type { Launch } from "../processes.ts";
import type { Programs } from "../packages.ts";
import { StackError } from "../stack-error.ts";

/** The servers' names, as fault tests and people use them. */
export const serverNames = ["epmd", "rabbitmq", "redis", "primary", "replica-1", "replica-2"] as const;
export type ServerName = (typeof serverNames)[number];

/** The databases that follow the primary. */
export const replicaNames = ["replica-1", "replica-2"] as const;
export type ReplicaName = (typeof replicaNames)[number];

/** One server: how it is prepared, started and asked whether it serves. */
export interface Server {
  name: ServerName;
  /** The port for its clients. */
  port: number;
  /** How long it may take to be ready, and to end when asked to. */
  patienceMs: number;
  /** Writes its configuration and makes its data when there is none; called before each start. */
  prepare(programs: Programs): Promise<void>;
  command(programs: Programs): Launch;
  /** Resolves when it serves a client with a password; rejects otherwise, within a few seconds. */
  check(): Promise<void>;
}

/** The ports that each server listens on. */
export const portsOf = {
  epmd: ["epmd"],
  rabbitmq: ["amqp", "erlang"],
  redis: ["redis"],
  primary: ["primary"],
  "replica-1": ["replica-1"],
  "replica-2": ["replica-2"],
} as const satisfies Record<ServerName, readonly PortName[]>;

/**
 * A server's configuration with its `{{names}}` filled in: what the shop needs of it anywhere, then what only the local
 * stack has.
 *
 * @param files by their place in `deploy/`; what a later one sets counts
 */
export async function configuration(files: readonly string[], values: Readonly<Record<string, string | number>>): Promise<string> {
  const templates = files.map((file) => readFile(new URL(`../../${file}`, import.meta.url), "utf8"));
  return (await Promise.all(templates)).join("\n").replaceAll(/\{\{([\w-]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new StackError(`${files.join(" or ")} asks for {{${name}}}, which is not known`);
    return String(value);
  });
}
