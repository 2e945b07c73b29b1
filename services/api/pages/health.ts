import { setTimeout as delay } from "node:timers/promises";
import type { Service, ServiceBroker } from "moleculer";
import type { ServiceWithDatabase } from "../../../mixins/database/database.mixin.ts";
import type { ServiceContract } from "../../contract/contract.ts";

export interface Health {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly status: "pass" | "fail" }[];
}

const databaseAnswersWithinMs = 2000;

/**
 * Whether this gateway can serve: every service of the shop runs on some node that it reaches, and those that run on
 * this node reach their data.
 */
export async function health(broker: ServiceBroker, contracts: readonly ServiceContract[]): Promise<Health> {
  const checks = await Promise.all(
    contracts.map(async (contract) => {
      const pass = isReachable(broker, contract) && (await reachesItsData(broker.getLocalService(contract.name)));
      return { name: contract.name, status: pass ? "pass" : "fail" } as const;
    }),
  );
  return { ready: checks.every(({ status }) => status === "pass"), checks };
}

function isReachable(broker: ServiceBroker, { name, actions }: ServiceContract): boolean {
  return Object.keys(actions).every((key) => broker.registry?.actions.isAvailable(`${name}.${key}`));
}

async function reachesItsData(local: Service | undefined): Promise<boolean> {
  const { database } = (local ?? {}) as Partial<ServiceWithDatabase>;
  if (!database) return true;
  const answered = database.select("SELECT 1 AS one").then(
    () => true,
    () => false,
  );
  return Promise.race([answered, delay(databaseAnswersWithinMs, false, { ref: false })]);
}
