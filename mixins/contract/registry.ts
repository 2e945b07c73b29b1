import type { ActionContract, EventContract, ServiceContract } from "./contract.ts";

/**
 * Every service's contract by name. A contract registers itself, in its own file, by declaration merging:
 *
 *     declare module "./registry.ts" {
 *       interface Contracts { orders: typeof orders }
 *     }
 *
 * Typed calls, events and errors derive from it, contract by contract.
 */
export interface Contracts {}

export type ContractName = keyof Contracts & string;

/** The actions of these contracts by full name, e.g. `catalog.products.list`. */
export function actionsByName(contracts: readonly ServiceContract[]): Map<string, ActionContract> {
  return byFullName(contracts, ({ actions }) => actions);
}

/** The events of these contracts by full name, e.g. `orders.placed`. */
export function eventsByName(contracts: readonly ServiceContract[]): Map<string, EventContract> {
  return byFullName(contracts, ({ events }) => events);
}

/** Those of them that other systems may learn of. */
export function publicEventsByName(contracts: readonly ServiceContract[]): Map<string, EventContract> {
  return new Map([...eventsByName(contracts)].filter(([, { internal }]) => !internal));
}

function byFullName<T>(
  contracts: readonly ServiceContract[],
  declared: (contract: ServiceContract) => Readonly<Record<string, T>>,
): Map<string, T> {
  return new Map(
    contracts.flatMap((contract) =>
      Object.entries(declared(contract)).map(([key, one]) => [`${contract.name}.${key}`, one] as const),
    ),
  );
}
