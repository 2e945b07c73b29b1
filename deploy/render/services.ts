import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { databasePasswordKey } from "../../config/env.ts";
import { schemaOf } from "../../config/database.ts";
import { onEveryNode } from "../../config/services.ts";
import { installedServicesOf } from "../../config/index.ts";
import type { Deployment } from "../../mixins/service/deployment.ts";
import { loadContracts, servicesWithData } from "../../mixins/service/load-services.ts";

/** A service and its deployment, the input of rendering. */
export interface DeployedService {
  readonly name: string;
  readonly summary: string;
  /** Undefined for a service that owns no data. */
  readonly database: ServiceDatabase | undefined;
  readonly consumesEvents: boolean;
  readonly deployment: Deployment;
}

export interface ServiceDatabase {
  /** Schema and account have the same name. */
  readonly schema: string;
  /** Placeholder of the password in `accounts.sql`, in double braces. */
  readonly mark: string;
  readonly passwordKey: string;
  /** Statements of the service's own `accounts.sql`, which replace the default privileges on its schema. */
  readonly grants: string | undefined;
}

/** The gateway's parts of deployments (ports, certificates, addresses) are written by hand. */
const gateway = "api";

/** Accounts of the servers, whose names a service cannot have. */
export const reservedNames: ReadonlySet<string> = new Set([
  "migrate",
  "replication",
  "monitor",
  "operator",
  "backup",
  "admin",
]);

/**
 * The installed services without the gateway, from the environment (`SHOP_EXTENSIONS`, `SHOP_WITHOUT`).
 *
 * @throws Error when a service has the name of a server account
 */
export async function deployedServices(
  installed = installedServicesOf(),
): Promise<readonly DeployedService[]> {
  const [contracts, owners] = await Promise.all([
    loadContracts({ installed }),
    servicesWithData({ installed }),
  ]);
  const withData = new Set(owners.map(({ name }) => name));
  const nodes = installed.filter(({ name }) => name !== gateway && name !== onEveryNode);
  return Promise.all(
    nodes.map(async ({ name, file }): Promise<DeployedService> => {
      const contract = contracts.find((one) => one.name === name);
      if (reservedNames.has(name)) throw new Error(`${file}: the account shop_${name} is not a service's`);
      return {
        name,
        summary: contract?.summary ?? name,
        database: withData.has(name) ? databaseOf(name, dirname(file)) : undefined,
        consumesEvents: (contract?.consumes.length ?? 0) > 0,
        deployment: await deploymentOf(name, dirname(file)),
      };
    }),
  );
}

function databaseOf(name: string, folder: string): ServiceDatabase {
  const schema = schemaOf(name);
  const grants = join(folder, "data/accounts.sql");
  return {
    schema,
    mark: schema.replace(/^shop_/, ""),
    passwordKey: databasePasswordKey(name),
    grants: existsSync(grants) ? readFileSync(grants, "utf8").trimEnd() : undefined,
  };
}

async function deploymentOf(name: string, folder: string): Promise<Deployment> {
  const file = join(folder, `${name}.deployment.ts`);
  if (!existsSync(file)) return {};
  return ((await import(pathToFileURL(file).href)) as { default: Deployment }).default;
}
