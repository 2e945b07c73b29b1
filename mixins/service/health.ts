import { randomUUID } from "node:crypto";
import type { Service, ServiceBroker } from "moleculer";
import type { ServiceContract } from "../contract/contract.ts";
import { configOf, contractsOf } from "./config-of.ts";
import type { Database } from "../database/database.ts";
import type { MigratedService } from "../database/database.mixin.ts";
import { insertIntoInbox, removeFromInbox } from "../events/inbox-table.ts";
import { withTimeout } from "../support/with-timeout.ts";
import { isDraining } from "./lifecycle.ts";
import { AmqpTransporter } from "../transport/amqp-transporter.ts";

export interface Health {
  readonly ready: boolean;
  readonly checks: readonly Check[];
}

interface Check {
  /** `node`, `messages`, or a service. */
  readonly name: string;
  readonly status: "pass" | "fail";
}

const databaseTimeoutMs = 2000;
/** A database check is reused for this long. */
const probeTtlMs = 1000;
const origin = { actor: { kind: "system", id: "readiness" }, requestId: "readiness" } as const;

/**
 * Readiness: not stopping, connected, and its services have started with a writable, migrated database. A
 * gateway also requires every other service on a reachable node; other nodes do not, since they would wait
 * for each other at the start.
 */
export async function health(broker: ServiceBroker): Promise<Health> {
  const messages = isMessagingConnected(broker);
  const own: readonly string[] = configOf(broker).services;
  const needed = own.includes("api")
    ? contractsOf(broker)
    : contractsOf(broker).filter(({ name }) => own.includes(name));
  const services = needed.map(async (contract) => {
    const found = own.includes(contract.name) ? hasStarted(broker, contract) : isReachable(broker, contract);
    return check(contract.name, found && (await reachesItsData(broker.getLocalService(contract.name))));
  });
  const checks = [
    check("node", !isDraining(broker)),
    ...(messages === undefined ? [] : [check("messages", messages)]),
    ...(await Promise.all(services)),
  ];
  return { ready: checks.every(({ status }) => status === "pass"), checks };
}

/**
 * Whether messages reach other nodes, over RabbitMQ or the Redis fallback; undefined in the embedded shape.
 */
export function isMessagingConnected({ transit }: ServiceBroker): boolean | undefined {
  if (!transit) return undefined;
  const { connected, tx } = transit;
  return connected && (tx instanceof AmqpTransporter ? tx.canDeliver : tx.connected);
}

/** Whether RabbitMQ blocks this node's messages (memory or disk alarm). */
export function isMessagingBlocked({ transit }: ServiceBroker): boolean {
  return transit?.tx instanceof AmqpTransporter && transit.tx.isBlocked;
}

function check(name: string, pass: boolean): Check {
  return { name, status: pass ? "pass" : "fail" };
}

function isReachable(broker: ServiceBroker, { name, actions }: ServiceContract): boolean {
  return Object.keys(actions).every((key) => broker.registry?.actions.isAvailable(`${name}.${key}`));
}

/** On this node, not elsewhere. */
function hasStarted(broker: ServiceBroker, { name, actions }: ServiceContract): boolean {
  return Object.keys(actions).every((key) => broker.registry?.actions.get(`${name}.${key}`)?.hasLocal());
}

async function reachesItsData(local: Service | undefined): Promise<boolean> {
  const { missingMigrations, database } = (local ?? {}) as Partial<MigratedService>;
  if (!missingMigrations || !database) return true;
  return withTimeout(databaseTimeoutMs, Promise.all([missingMigrations(), probeWritable(database)])).then(
    ([missing]) => missing.length === 0,
    () => false,
  );
}

interface WriteProbe {
  readonly outcome: Promise<void>;
  endedAt: number;
}

const writeProbes = new WeakMap<Database, WriteProbe>();

/**
 * Checks for write access by a transaction that inserts and deletes a row: a full disk still serves reads.
 * Never concurrent, because a commit can hang while the disk is full.
 */
function probeWritable(database: Database): Promise<void> {
  const last = writeProbes.get(database);
  if (last && performance.now() - last.endedAt < probeTtlMs) return last.outcome;
  const id = randomUUID();
  const outcome = database.transaction(origin, async (tx) => {
    // Every service has this table.
    await insertIntoInbox(database, [id], tx);
    await removeFromInbox(database, [id], tx);
  });
  const probe: WriteProbe = { outcome, endedAt: Infinity };
  const end = () => void (probe.endedAt = performance.now());
  outcome.then(end, end);
  writeProbes.set(database, probe);
  return outcome;
}
