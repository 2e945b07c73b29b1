import type { Service, ServiceBroker } from "moleculer";
import type { ServiceContract } from "../services/contract/contract.ts";
import { allContracts } from "../services/contracts.ts";
import { configOf } from "./config-of.ts";
import type { MigratedService } from "./database/database.mixin.ts";
import { inTime } from "./in-time.ts";
import { isStopping } from "./life-cycle.ts";

export interface Health {
  readonly ready: boolean;
  readonly checks: readonly Check[];
}

interface Check {
  /** `node`, `messages`, or a service. */
  readonly name: string;
  readonly status: "pass" | "fail";
}

const databaseAnswersWithinMs = 2000;

/**
 * Whether this node can serve: it is not about to stop, it is connected to the others, and its services have started and
 * reach their data, which is as their version needs it. A gateway needs every service of the shop besides, on some node
 * that it reaches; others do not ask for what they call, or no node could start before another.
 */
export async function health(broker: ServiceBroker): Promise<Health> {
  const messages = messagesArrive(broker);
  const own: readonly string[] = configOf(broker).services;
  const needed = own.includes("api") ? allContracts : allContracts.filter(({ name }) => own.includes(name));
  const services = needed.map(async (contract) => {
    const found = own.includes(contract.name) ? hasStarted(broker, contract) : isReachable(broker, contract);
    return check(contract.name, found && (await findsItsData(broker.getLocalService(contract.name))));
  });
  const checks = [
    check("node", !isStopping(broker)),
    ...(messages === undefined ? [] : [check("messages", messages)]),
    ...(await Promise.all(services)),
  ];
  return { ready: checks.every(({ status }) => status === "pass"), checks };
}

/** Whether the node is connected to RabbitMQ; undefined in the embedded shape, which needs none. */
export function messagesArrive({ transit }: ServiceBroker): boolean | undefined {
  return transit ? transit.connected && transit.tx.connected : undefined;
}

function check(name: string, pass: boolean): Check {
  return { name, status: pass ? "pass" : "fail" };
}

function isReachable(broker: ServiceBroker, { name, actions }: ServiceContract): boolean {
  return Object.keys(actions).every((key) => broker.registry?.actions.isAvailable(`${name}.${key}`));
}

/** On this node, whoever else runs it. */
function hasStarted(broker: ServiceBroker, { name, actions }: ServiceContract): boolean {
  return Object.keys(actions).every((key) => broker.registry?.actions.get(`${name}.${key}`)?.hasLocal());
}

async function findsItsData(local: Service | undefined): Promise<boolean> {
  const { missingMigrations } = (local ?? {}) as Partial<MigratedService>;
  if (!missingMigrations) return true;
  return inTime(databaseAnswersWithinMs, missingMigrations()).then(
    (missing) => missing.length === 0,
    () => false,
  );
}
