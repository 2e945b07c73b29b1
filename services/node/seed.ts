import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Config } from "../../config/index.ts";
import { ConfigError, environmentWith, loadConfig } from "../../config/index.ts";
import { UnusableDatabaseError } from "../../mixins/database/unusable-database.ts";
import { contractsOf } from "../../mixins/service/config-of.ts";
import { uploads } from "../../mixins/service/uploads.ts";
import { readCommandLine } from "../../mixins/support/command-line.ts";
import { createNode } from "./create-node.ts";
import { lockDataDirectory, StartError } from "./data-directory.ts";
import { DemoShop } from "./seed/demo-shop.ts";
import { ordersExpired } from "./seed/orders-expired.ts";
import type { Seeded } from "./seed/seed-mall.ts";
import { seedMall } from "./seed/seed-mall.ts";
import { connectionOutside, seedSettings } from "./seed/seed-settings.ts";
import { show } from "./seed/show-progress.ts";

const line = {
  name: "seed",
  about: "Fills a shop with the demonstration mall: products, merchants, customers, orders, reviews.",
  positionals: "demo",
  options: {
    "env-file": {
      type: "string",
      value: "FILE",
      help: "the settings of the shop (default: STACK_DIR/stack.env, if it exists)",
    },
  },
  notes: `Only for a shop without other products; what is there stays as it is, so a second run adds nothing. A shop in one
process must not run meanwhile. For Chinese and Japanese texts the shop has LOCALES=en,zh-CN,ja. The accounts'
password is random and printed at the end. A shop that sends mail or takes real payments gets the products only.`,
} as const;

const servicesWithinMs = 60_000;

async function main(): Promise<void> {
  const envFile = await readCommandLine(line, (values, positionals) => {
    const [what, ...further] = positionals;
    if (what === undefined) throw new TypeError("say what to seed: demo");
    if (what !== "demo" || further.length > 0)
      throw new TypeError(`demo can be seeded, not ${positionals.join(" ")}`);
    return values["env-file"];
  });
  const { config, outside } = await configFrom(envFile);
  const isEmbedded = config.shape === "embedded";
  const unlock = isEmbedded ? await lockDataDirectory(config.dataDir) : () => undefined;
  const broker = await createNode(config);
  // The gateway, where there is one, brings it along.
  if (!isEmbedded) broker.createService(uploads);
  try {
    await broker.start();
    const services = contractsOf(broker).map(({ name }) => name);
    await broker.waitForServices(
      services.filter((name) => name !== "api"),
      servicesWithinMs,
    );
    const shop = new DemoShop(broker, { show });
    const seeded = await seedMall(shop, { people: outside === undefined });
    if (isEmbedded) await ordersExpired(shop, seeded.orders);
    show(summaryOf(seeded, outside));
  } finally {
    await broker.stop();
    unlock();
  }
}

/** In one process, all services run, so that each hears of what is added; a cluster is joined without services. */
async function configFrom(
  envFile: string | undefined,
): Promise<{ config: Config; outside: string | undefined }> {
  const given = {
    LOG_FORMAT: "text",
    LOG_LEVEL: "warn",
    ...(await settingsIn(envFile)),
    ...environmentWith({}),
  };
  const shop = loadConfig(given);
  const settings = shop.shape === "embedded" ? { ...seedSettings, SERVICES: "" } : { SERVICES: "none" };
  return { config: loadConfig({ ...given, ...settings }), outside: connectionOutside(shop) };
}

/** The settings file: the given one, or that of a local stack, if it exists. */
async function settingsIn(file: string | undefined): Promise<NodeJS.Dict<string>> {
  const ofStack = join(environmentWith({})["STACK_DIR"] ?? ".stack", "stack.env");
  return parseEnv(
    file === undefined ? await readFile(ofStack, "utf8").catch(() => "") : await readFile(file, "utf8"),
  );
}

function summaryOf(
  { products, merchants, customers, orders, afterSales, reviews, logIn }: Seeded,
  outside: string | undefined,
): string {
  const lines = [`${products} products added`];
  if (outside !== undefined) lines.push(`no merchants, customers and orders: the shop has ${outside}`);
  if (logIn) {
    const added = [
      [merchants, "merchants"],
      [customers, "customers"],
      [orders.length, "orders"],
      [afterSales, "after-sales"],
      [reviews, "reviews"],
    ] as const;
    lines.push(added.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : [])).join(", "));
    lines.push(`  customer  ${logIn.customer}`);
    if (logIn.owner !== undefined) lines.push(`  merchant  ${logIn.owner}`);
    lines.push(`  password  ${logIn.password}  (of all these accounts, shown only now)`);
  }
  return `${lines.join("\n")}\n`;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const expected =
      error instanceof ConfigError || error instanceof StartError || error instanceof UnusableDatabaseError;
    const text =
      error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
    process.stderr.write(`seed: ${text}\n`);
    process.exit(1);
  },
);
