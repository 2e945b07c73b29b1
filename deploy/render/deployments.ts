import { readFileSync, readdirSync } from "node:fs";
import { installedServicesOf } from "../../config/index.ts";
import { accountsSql, operationsAccountsSql } from "./accounts.ts";
import { composeEnvironment, composeYaml } from "./compose.ts";
import { baseKustomization, kubernetesFiles, queueDepth, secretsTemplate } from "./kubernetes.ts";
import { alerts, alertTests } from "./monitoring.ts";
import { renderedWhole } from "./parts.ts";
import { deployedServices } from "./services.ts";
import { systemdFiles } from "./systemd.ts";

const root = new URL("../../", import.meta.url);
const systemd = "deploy/systemd/etc";
const kubernetes = "deploy/kubernetes";
/** Folders whose files are all rendered. */
const renderedInto = [`${systemd}/nodes`, `${systemd}/secrets`, `${kubernetes}/base`];

/**
 * Files of `deploy/` that depend on the installed services, with their contents; undefined: to be removed.
 */
export async function deploymentFiles(
  installed = installedServicesOf(),
): Promise<Map<string, string | undefined>> {
  const services = await deployedServices(installed);
  const files = new Map<string, string | undefined>(
    renderedInto.flatMap(wholeFilesIn).map((file) => [file, undefined]),
  );
  const part = (file: string, render: (text: string, all: typeof services) => string) =>
    files.set(file, render(read(file), services));
  files.set("deploy/mysql/accounts.sql", accountsSql(services));
  files.set("deploy/mysql/accounts-operations.sql", operationsAccountsSql(services));
  part("deploy/docker/compose.yaml", composeYaml);
  part("deploy/docker/.env.example", composeEnvironment);
  part(`${kubernetes}/base/kustomization.yaml`, baseKustomization);
  part(`${kubernetes}/components/queue-depth/kustomization.yaml`, queueDepth);
  part(`${kubernetes}/overlays/production/secrets.template.yaml`, secretsTemplate);
  const names = ["api", ...services.map(({ name }) => name)];
  part("deploy/monitoring/alerts.yml", (text) => alerts(text, names));
  part("deploy/monitoring/alerts.test.yml", (text) => alertTests(text, names));
  for (const [name, text] of kubernetesFiles(services)) files.set(`${kubernetes}/base/${name}`, text);
  for (const [name, text] of systemdFiles(services, portsInUse())) files.set(`${systemd}/${name}`, text);
  return files;
}

function portsInUse(): Map<string, number> {
  const files = readdirSync(new URL(`${systemd}/nodes`, root));
  return new Map(
    files.map((file) => {
      const [, port] = /^INTERNAL_PORT=(\d+)$/m.exec(read(`${systemd}/nodes/${file}`)) ?? [];
      return [file.replace(/\.env$/, ""), Number(port)];
    }),
  );
}

function wholeFilesIn(folder: string): string[] {
  const files = readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`);
  return files.filter((file) => read(file).startsWith(renderedWhole));
}

function read(file: string): string {
  return readFileSync(new URL(file, root), "utf8");
}
