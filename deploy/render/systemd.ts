import { renderedWhole } from "./parts.ts";
import type { DeployedService } from "./services.ts";

const firstPort = 9101;
const servers = [
  "# Which broker and cache, with the account's password: amqp://shop:…@mq.internal:5672, redis://:…@cache.internal:6379",
  "AMQP_URL=",
  "REDIS_URL=",
];

/**
 * Files of `deploy/systemd/etc` per service.
 *
 * @param portsInUse by node, from the existing files: a node keeps its port, a new one gets the next free
 *   port
 */
export function systemdFiles(
  services: readonly DeployedService[],
  portsInUse: ReadonlyMap<string, number>,
): Map<string, string> {
  const files = new Map<string, string>();
  const taken = new Set(portsInUse.values());
  for (const service of services) {
    const port = portsInUse.get(service.name) ?? nextFree(taken);
    taken.add(port);
    files.set(`nodes/${service.name}.env`, nodeFile(port));
    files.set(`secrets/${service.name}.env`, secretsFile(service));
  }
  return files.set("secrets/verify.env", verifyFile(services));
}

function nextFree(taken: ReadonlySet<number>): number {
  let port = firstPort;
  while (taken.has(port)) port += 1;
  return port;
}

function nodeFile(port: number): string {
  return [
    `${renderedWhole}: the port of a node stays`,
    "# /live, /ready and /metrics, for this machine; each node on it needs a port of its own.",
    `INTERNAL_PORT=${port}`,
    "",
  ].join("\n");
}

function secretsFile({ database, deployment: { secrets = {}, note } }: DeployedService): string {
  return [
    renderedWhole,
    ...servers,
    ...(database ? [`${database.passwordKey}=`] : []),
    ...(note === undefined ? [] : [`# ${note}`]),
    ...Object.entries(secrets).flatMap(([key, { about }]) => [`# ${about}`, `${key}=`]),
    "",
  ].join("\n");
}

function verifyFile(services: readonly DeployedService[]): string {
  const passwords = services.flatMap(({ database }) => database?.passwordKey ?? []);
  const own = services.flatMap(({ deployment: { secrets = {} } }) =>
    Object.entries(secrets).flatMap(([key, { optional }]) => (optional ? [] : [key])),
  );
  return [
    renderedWhole,
    "# For shopserver-job@verify, which reads the data of all services.",
    "AMQP_URL=",
    "REDIS_URL=",
    ...passwords.map((key) => `${key}=`),
    ...[...new Set(own)].map((key) => `${key}=`),
    "",
  ].join("\n");
}
