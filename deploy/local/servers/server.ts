import { readFile } from "node:fs/promises";
import type { PortName } from "../ports.ts";
import type { Launch } from "../processes.ts";
import type { Programs } from "./database-dialect.ts";
import { StackError } from "../stack-error.ts";

/** Names of the servers, for tests and commands. */
export const serverNames = ["epmd", "rabbitmq", "redis", "primary", "replica-1", "replica-2"] as const;
export type ServerName = (typeof serverNames)[number];

/** Databases that follow the primary. */
export const replicaNames = ["replica-1", "replica-2"] as const;
export type ReplicaName = (typeof replicaNames)[number];

/** One server: preparation, start and health check. */
export interface Server {
  name: ServerName;
  /** Port for clients. */
  port: number;
  /** Time limit of its start, and of its stop. */
  patienceMs: number;
  /** Writes its configuration and creates missing data; called before each start. */
  prepare(programs: Programs): Promise<void>;
  command(programs: Programs): Launch;
  /** Resolves when it serves an authenticated client; rejects otherwise, within a few seconds. */
  check(): Promise<void>;
}

/** Ports of each server. */
export const portsOf = {
  epmd: ["epmd"],
  rabbitmq: ["amqp", "erlang"],
  redis: ["redis"],
  primary: ["primary"],
  "replica-1": ["replica-1"],
  "replica-2": ["replica-2"],
} as const satisfies Record<ServerName, readonly PortName[]>;

/**
 * Renders a server's configuration with its `{{names}}`: the shop's requirements first, then those of the
 * local stack.
 *
 * @param files by their path in `deploy/`; later settings override earlier ones
 */
export async function configuration(
  files: readonly string[],
  values: Readonly<Record<string, string | number>>,
): Promise<string> {
  const templates = files.map((file) => readFile(new URL(`../../${file}`, import.meta.url), "utf8"));
  return fillIn((await Promise.all(templates)).join("\n"), values);
}

/** @throws StackError when the text asks for something else */
export function fillIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{\{([\w-]+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new StackError(`{{${name}}} is not known`);
    return String(value);
  });
}
