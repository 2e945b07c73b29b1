import { pathToFileURL } from "node:url";
import type { ServiceSchema } from "moleculer";
import type { Config, InstalledService } from "../../config/index.ts";
import { ConfigError } from "../../config/index.ts";
import type { ServiceContract } from "../contract/contract.ts";
import { allEvents, eventsOf, publicEvents } from "../contract/contract.ts";
import { publicEventsByName } from "../contract/registry.ts";
import type { Invariant } from "../database/invariant.ts";
import type { Migration } from "../database/migrate.ts";
import { definitionOf } from "./definition.ts";
import { asShopService } from "./plain/plain-service.ts";

/** A service that owns data. */
export interface ServiceWithData {
  readonly name: string;
  readonly contract: ServiceContract;
  readonly migrations: readonly Migration[];
  readonly invariants: readonly Invariant[];
}

/** @throws ConfigError when its file does not export a schema of that name */
export async function loadSchema({ name, file }: InstalledService): Promise<ServiceSchema> {
  const { default: schema } = (await import(pathToFileURL(file).href)) as { default?: ServiceSchema };
  if (schema?.name !== name)
    throw new ConfigError(`${file}: the default export must be the schema of service ${name}`);
  return asShopService(schema);
}

/**
 * Contracts of all installed services, regardless of the node that runs them. A plain Moleculer schema has one
 * only if it has routes or channels.
 *
 * @throws ConfigError when one needs a service that is not installed, or consumes an event that an installed
 *   one does not publish
 */
export async function loadContracts({
  installed,
}: Pick<Config, "installed">): Promise<readonly ServiceContract[]> {
  const found = await Promise.all(installed.map(contractOf));
  const contracts = found.filter((contract) => contract !== undefined);
  assertNeedsInstalled(contracts, installed);
  const published = contracts.flatMap(eventsOf);
  return contracts.map((contract) => ({ ...contract, consumes: consumedBy(contract, contracts, published) }));
}

/** Installed services that own data, with their migrations and invariants. */
export async function servicesWithData(
  config: Pick<Config, "installed">,
): Promise<readonly ServiceWithData[]> {
  const schemas = await Promise.all(config.installed.map(loadSchema));
  return schemas.flatMap((schema) => {
    const { contract, migrations, invariants = [] } = definitionOf(schema) ?? {};
    return contract && migrations ? [{ name: contract.name, contract, migrations, invariants }] : [];
  });
}

async function contractOf(service: InstalledService): Promise<ServiceContract | undefined> {
  if (service.contractFile === undefined) return definitionOf(await loadSchema(service))?.contract;
  const exported = Object.values(
    (await import(pathToFileURL(service.contractFile).href)) as Record<string, unknown>,
  );
  const contract = exported.find(
    (value): value is ServiceContract => isContract(value) && value.name === service.name,
  );
  if (!contract)
    throw new ConfigError(`${service.contractFile}: exports no contract of service ${service.name}`);
  return contract;
}

function isContract(value: unknown): value is ServiceContract {
  return (
    typeof value === "object" &&
    value !== null &&
    "actions" in value &&
    "events" in value &&
    "consumes" in value
  );
}

function assertNeedsInstalled(
  contracts: readonly ServiceContract[],
  installed: readonly InstalledService[],
): void {
  const names = new Set(installed.map(({ name }) => name));
  for (const { name, needs = [] } of contracts) {
    const missing = needs.filter((needed) => !names.has(needed));
    if (missing.length > 0)
      throw new ConfigError(`${name} needs ${missing.join(", ")}, which is not installed`);
  }
}

/** Omits events of services that are not installed. */
function consumedBy(
  { name, consumes }: ServiceContract,
  contracts: readonly ServiceContract[],
  published: readonly string[],
): readonly string[] {
  if (consumes.includes(allEvents)) return published;
  if (consumes.includes(publicEvents)) return [...publicEventsByName(contracts).keys()];
  return consumes.filter((event) => {
    if (published.includes(event)) return true;
    const publisher = contracts.find((contract) => contract.name === event.slice(0, event.indexOf(".")));
    if (publisher)
      throw new ConfigError(`${name} consumes ${event}, which ${publisher.name} does not publish`);
    return false;
  });
}
