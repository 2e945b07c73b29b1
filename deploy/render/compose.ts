import { databasesOf } from "./accounts.ts";
import { withParts } from "./parts.ts";
import type { DeployedService } from "./services.ts";

/** `deploy/docker/compose.yaml`, from its present text. */
export function composeYaml(text: string, services: readonly DeployedService[]): string {
  return withParts(text, {
    services: services.map(composeService).join("\n"),
    "service-conditions": services
      .map(({ name }) => `      ${name}: { condition: service_healthy }\n`)
      .join(""),
    passwords: databasesOf(services)
      .map(({ passwordKey }) => `      ${required(passwordKey)}\n`)
      .join(""),
  });
}

/** `deploy/docker/.env.example`, from its present text. */
export function composeEnvironment(text: string, services: readonly DeployedService[]): string {
  // Services may share a secret; the first one says what it is for.
  const named = new Set<string>();
  const secrets = services.flatMap(({ database, deployment }) => [
    ...(database ? [`${database.passwordKey}=`] : []),
    ...Object.entries(deployment.secrets ?? {}).flatMap(([key, { about, optional }]) => {
      if (optional || named.has(key)) return [];
      named.add(key);
      return [`# ${about}`, `${key}=`];
    }),
  ]);
  return withParts(text, { services: secrets.join("\n") });
}

function composeService({
  name,
  summary,
  database,
  deployment: { secrets = {}, replicas = 1, memoryMiB = 512 },
}: DeployedService): string {
  const own = Object.entries(secrets).flatMap(([key, { optional }]) => (optional ? [] : [key]));
  const keys = [...(database ? [database.passwordKey] : []), ...own];
  return [
    `  # ${summary}`,
    `  ${name}:`,
    "    <<: *node",
    "    environment:",
    "      <<: *cluster",
    `      SERVICES: ${name}`,
    ...keys.map((key) => `      ${required(key)}`),
    "    deploy:",
    `      replicas: ${replicas}`,
    "      resources:",
    `        limits: { memory: ${memoryMiB}M }`,
    "        reservations: { memory: 192M }",
    "",
  ].join("\n");
}

function required(key: string): string {
  return `${key}: \${${key}:?see .env.example}`;
}
