import { setTimeout as delay } from "node:timers/promises";
import type { Service, ServiceBroker } from "moleculer";
import type { MigratedService } from "../../../mixins/database/database.mixin.ts";
import { isStopping } from "../../../mixins/life-cycle.ts";
import type { ServiceContract } from "../../contract/contract.ts";

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
 * Whether this gateway can serve: it is not about to stop, it is connected to the others, every service of the shop runs
 * on some node that it reaches, and those that run on this node reach their data, which is as their version needs it.
 */
export async function health(broker: ServiceBroker, contracts: readonly ServiceContract[]): Promise<Health> {
  const { transit } = broker;
  const services = contracts.map(async (contract) =>
    check(contract.name, isReachable(broker, contract) && (await findsItsData(broker.getLocalService(contract.name)))),
  );
  const checks = [
    check("node", !isStopping(broker)),
    ...(transit ? [check("messages", transit.connected && transit.tx.connected)] : []),
    ...(await Promise.all(services)),
  ];
  return { ready: checks.every(({ status }) => status === "pass"), checks };
}

function check(name: string, pass: boolean): Check {
  return { name, status: pass ? "pass" : "fail" };
}

function isReachable(broker: ServiceBroker, { name, actions }: ServiceContract): boolean {
  return Object.keys(actions).every((key) => broker.registry?.actions.isAvailable(`${name}.${key}`));
}

async function findsItsData(local: Service | undefined): Promise<boolean> {
  const { missingMigrations } = (local ?? {}) as Partial<MigratedService>;
  if (!missingMigrations) return true;
  const found = missingMigrations().then(
    (missing) => missing.length === 0,
    () => false,
  );
  return Promise.race([found, delay(databaseAnswersWithinMs, false, { ref: false })]);
}
