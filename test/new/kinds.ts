import { globSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { ServiceContract } from "../../mixins/contract/contract.ts";
import { addEntry, addImport } from "./change-source.ts";
import type { Changes } from "./changes.ts";
import { pathTo, readSource } from "./changes.ts";
import type { Words } from "./words.ts";
import { checkName, wordsOf } from "./words.ts";

/** Something that can be added to the shop. */
export interface Kind {
  readonly takes: "NAME" | "SERVICE.NAME";
  readonly about: string;
  /** Whether `npm run render` writes something of it. */
  readonly isDeployed?: boolean;
  /**
   * Adds to the changes what it takes.
   *
   * @returns what the developer does next, one line each
   * @throws TypeError for a name that cannot be used, and where a file is not as expected
   */
  readonly plan: (name: string, changes: Changes) => readonly string[] | Promise<readonly string[]>;
}

/** MySQL's account of a service is `shop_` and its name, 32 characters at most. */
const maxServiceName = 27;
const maxProviderName = 20;
const maxName = 30;

const contractKit = "../../mixins/contract/contract.ts";

export const kinds: Readonly<Record<string, Kind>> = {
  service: {
    takes: "NAME",
    about: "a service with a contract, a table, an action and an event",
    isDeployed: true,
    async plan(name, changes) {
      const words = wordsOf(await checkServiceName(name));
      changes.create("service", { NAME: name }, { ...words, property: propertyOf(name) });
      addToGrowth(changes, name, [[words.snake, "what customers create", "never"], ...growthOfEveryService]);
      return [
        `shape what it keeps in services/${name}/data/migrations/0001-${name}.ts and the repository beside it`,
        "say in docs/guides/growth.md what its table grows with, and what removes its rows",
        `SERVICES=${name} npm run dev runs it alone, npm run dev with all others`,
      ];
    },
  },

  resource: {
    takes: "NAME",
    about: "a service for plain data, in one file",
    isDeployed: true,
    async plan(name, changes) {
      const words = wordsOf(await checkServiceName(name));
      changes.create(
        "resource",
        { NAME: name },
        { ...words, property: propertyOf(name), item: itemOf(name) },
      );
      const goes = "when they remove them, or with the account";
      addToGrowth(changes, name, [
        [words.snake, "customers, at most 1,000 each", goes],
        ...growthOfEveryService,
      ]);
      return [
        `name its fields, and who may read and write, in services/${name}/${name}.service.ts: docs/guides/resources.md`,
        "say in docs/guides/growth.md what its table grows with, and what removes its rows",
      ];
    },
  },

  action: {
    takes: "SERVICE.NAME",
    about: "an action with a route; NAME may have parts: cart.items.swap",
    async plan(name, changes) {
      const { service, key, contract } = await readName(name);
      const parts = key.split(".").map((part) => checkName(part, maxName));
      if (key in contract.actions) throw new TypeError(`${name} is in the contract already`);
      // As files are named: swap-items, or empty-cart.
      const words = wordsOf([...parts.toReversed(), ...(parts.length === 1 ? [service] : [])].join("-"));
      changes.create("action", { NAME: words.kebab, SERVICE: service }, { ...words, service, action: name });
      addToContract(changes, service, "actions", actionEntry(key, service, words), [
        ["action", contractKit],
        ["text", "../../mixins/contract/fields.ts"],
      ]);
      addToService(changes, service, "actions", words.camel, `./actions/${words.kebab}.action.ts`);
      return [
        `declare its params, result, errors and who may call it in services/${service}/${service}.contract.ts`,
      ];
    },
  },

  event: {
    takes: "SERVICE.NAME",
    about: "a durable event that the service publishes",
    async plan(name, changes) {
      const { service, key, contract } = await readName(name);
      const words = wordsOf(`${service}-${checkName(key, maxName)}`);
      if (key in contract.events) throw new TypeError(`${name} is in the contract already`);
      const services = [...new Set([service, "audit"])].map((one) => `"${one}"`).join(", ");
      changes.create("event", { NAME: words.kebab }, { ...words, service, services, event: name });
      addToContract(changes, service, "events", eventEntry(key, service), [
        ["event", contractKit],
        ["id", "../../mixins/contract/ids.ts"],
      ]);
      addOutbox(changes, service);
      return [
        `publish it in the transaction that makes it so: tx.publish("${name}", { id })`,
        `consume it elsewhere: on("${name}", async ({ payload }, tx, dependencies) => …), see docs/guides/add-a-consumer.md`,
      ];
    },
  },

  job: {
    takes: "SERVICE.NAME",
    about: "work that the service repeats by itself",
    async plan(name, changes) {
      const { service, key } = await readName(name);
      const words = wordsOf(checkName(key, maxName));
      const dependencies = `services/${service}/${service}.dependencies.ts`;
      if (!readSource(dependencies).includes("export const job = "))
        throw new TypeError(`${dependencies} has no \`export const job\``);
      changes.create("job", { NAME: words.kebab, SERVICE: service }, { ...words, service });
      addToService(changes, service, "jobs", words.camel, `./jobs/${words.kebab}.job.ts`);
      return [
        "let it find what is to be done in the data, some at a time, so that it may be killed and run again",
      ];
    },
  },

  provider: {
    takes: "NAME",
    about: "a payment provider",
    isDeployed: true,
    plan(name, changes) {
      const words = wordsOf(checkName(name, maxProviderName));
      const header = `${name.replaceAll(/(?<=^|-)./g, (letter) => letter.toUpperCase())}-Signature`;
      changes.create("provider", { NAME: name }, { ...words, header, headerKey: header.toLowerCase() });
      const index = "services/orders/payments/providers/index.ts";
      const list = "export const paymentProviders: readonly PaymentProviderDefinition[] = ";
      changes.change(index, `\`${list.trim()}\` to add to`, (source) =>
        addEntry(addImport(source, words.camel, `./${name}.ts`), list, words.camel),
      );
      return [
        "write its requests and its notices as the provider documents them: docs/guides/add-a-payment-provider.md",
        `PAYMENT_PROVIDERS=${name} and its settings switch it on`,
      ];
    },
  },
};

/** @throws TypeError unless the shop can have a further service of that name */
async function checkServiceName(name: string): Promise<string> {
  checkName(name, maxServiceName);
  if (globSync(`services/${name}`, { cwd: pathTo(".") }).length > 0)
    throw new TypeError(`services/${name} exists`);
  // Loads the config and the kit, which no other kind needs.
  const { reservedNames } = await import("../../deploy/render/services.ts");
  if (reservedNames.has(name)) throw new TypeError(`the account shop_${name} is not a service's`);
  return name;
}

/** The name of one of them; where it is no plural, of one entry. */
function itemOf(name: string): string {
  const singular = name.replace(/ies$/, "y").replace(/(?<=[^s])s$/, "");
  return singular === name ? `${name}-entry` : singular;
}

interface ParsedName {
  readonly service: string;
  readonly key: string;
  readonly contract: ServiceContract;
}

/** @throws TypeError unless it is SERVICE.NAME, and the service one with a contract and data of its own */
async function readName(name: string): Promise<ParsedName> {
  const [, service, key] = /^([^.]+)\.(.+)$/.exec(name) ?? [];
  if (service === undefined || key === undefined)
    throw new TypeError(`'${name}' is not SERVICE.NAME, such as cart.${name}`);
  const schema = `services/${checkName(service, maxServiceName)}/${service}.service.ts`;
  if (!readSource(schema).includes(" defineService("))
    throw new TypeError(`${schema} has no \`defineService\` to add to`);
  const file = `services/${service}/${service}.contract.ts`;
  readSource(file);
  const exported = Object.values(
    (await import(pathToFileURL(pathTo(file)).href)) as Record<string, ServiceContract>,
  );
  const contract = exported.find((value) => value.name === service);
  if (!contract) throw new TypeError(`${file} has no contract called ${service}`);
  return { service, key, contract };
}

function addToContract(
  changes: Changes,
  service: string,
  to: "actions" | "events",
  entry: string,
  imports: readonly (readonly [name: string, path: string])[],
): void {
  changes.change(`services/${service}/${service}.contract.ts`, `\`${to}: {\` to add to`, (source) => {
    const added = addEntry(source, `  ${to}: `, entry);
    return (
      added &&
      [...imports, ["z", "zod"] as const].reduce((text, [name, path]) => addImport(text, name, path), added)
    );
  });
}

function addToService(
  changes: Changes,
  service: string,
  to: "actions" | "jobs",
  name: string,
  path: string,
): void {
  const file = `services/${service}/${service}.service.ts`;
  changes.change(file, `\`${to}: [\` to add to`, (source) => {
    if (new RegExp(`\\b${name}\\b`).test(source))
      throw new TypeError(`${file} has something called ${name} already`);
    const added = addEntry(source, `  ${to}: `, name) ?? (to === "jobs" ? addJobs(source, name) : undefined);
    return added && addImport(added, name, path);
  });
}

/** For a service that has no jobs yet. */
function addJobs(source: string, name: string): string | undefined {
  const end = "\n});\n";
  return source.endsWith(end) ? `${source.slice(0, -end.length)}\n  jobs: [${name}],${end}` : undefined;
}

/** The table out of which a service publishes; a service that has published nothing before may lack it. */
function addOutbox(changes: Changes, service: string): void {
  const folder = `services/${service}/data/migrations`;
  const files = globSync("*.ts", { cwd: pathTo(folder) });
  if (files.some((file) => readSource(`${folder}/${file}`).includes("createOutboxTable"))) return;
  const last = Math.max(0, ...files.map((file) => Number.parseInt(file, 10)).filter(Number.isInteger));
  const number = String(last + 1).padStart(4, "0");
  changes.create("outbox", { SERVICE: service, NUMBER: number }, { number });
  changes.change(`${folder}/index.ts`, "`export const migrations = [` to add to", (source) =>
    addEntry(addImport(source, "outbox", `./${number}-outbox.ts`), "export const migrations = ", "outbox"),
  );
  addToGrowth(changes, service, [outboxGrowth]);
}

type TableGrowth = readonly [table: string, growsWith: string, goes: string];

const delivered =
  "as they are delivered, in a cluster `EVENT_HISTORY_HOURS` later; dead letters when they are replayed";
const outboxGrowth: TableGrowth = ["outbox", "events", delivered];
const growthOfEveryService: readonly TableGrowth[] = [
  outboxGrowth,
  ["inbox", "events", "after `INBOX_RETENTION_DAYS` and a day"],
  ["migrations", "versions", "never"],
];

/** The guide names every table of every service, which a test insists on. */
function addToGrowth(changes: Changes, service: string, tables: readonly TableGrowth[]): void {
  changes.change("docs/guides/growth.md", "table of tables to add to", (guide) => {
    const lines = guide.split("\n");
    const last = lines.findLastIndex((line) => /^\| [\w-]+ \| `\w+` \|/.test(line));
    const rows = tables.map(
      ([table, growsWith, goes]) => `| ${service} | \`${table}\` | ${growsWith} | ${goes} |`,
    );
    return last < 0 ? undefined : lines.toSpliced(last + 1, 0, ...rows).join("\n");
  });
}

function propertyOf(key: string): string {
  return /^\w+$/.test(key) ? key : `"${key}"`;
}

function actionEntry(key: string, service: string, { title }: Words): string {
  return `${propertyOf(key)}: action({
  summary: "${title}",
  access: "signed-in",
  route: { method: "POST", path: "/${service}/${key.replaceAll(".", "/")}" },
  params: z.strictObject({ text: text(200) }),
  result: z.strictObject({ text: z.string() }),
  errors: [],
  idempotent: false,
})`;
}

function eventEntry(key: string, service: string): string {
  return `${propertyOf(key)}: event({
  summary: "${wordsOf(service).title}: ${key.replaceAll("-", " ")}",
  about: { entity: "${service}", id: "id" },
  payload: z.strictObject({ id }),
})`;
}
