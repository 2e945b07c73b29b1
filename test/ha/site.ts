import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { loadConfig } from "../../config/index.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { createNode } from "../../services/node/create-node.ts";
import { migrateUp } from "../../services/operations/migrate.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { App } from "./app.ts";
import type { Site } from "./faults.ts";
import { untilHealthy } from "./faults.ts";
import { Front } from "./front.ts";
import type { Purchasable } from "./load.ts";
import { Machine } from "./machine.ts";
import { sharedAddress } from "./network.ts";
import { HttpClient } from "./shopper.ts";

const stackProgram = fileURLToPath(new URL("../../deploy/local/stack.ts", import.meta.url));
const variants = 40;

export type Settings = Readonly<Record<string, string | undefined>>;

/** Starts RabbitMQ, Redis and the databases on their machine. @returns the shop's settings for them */
export async function startServers(
  run: number,
  directory: string,
  log: (line: string) => void,
): Promise<Settings> {
  const machine = new Machine(run, "servers", directory);
  const stack = join(machine.directory, "stack");
  machine.run(
    process.execPath,
    stackProgram,
    "up",
    "--fast",
    "--yes",
    "--listen",
    machine.address,
    "--directory",
    stack,
  );
  const settings = {
    ...parseEnv(readFileSync(join(stack, "stack.env"), "utf8")),
    HOST: "0.0.0.0",
    LOG_LEVEL: "warn",
  };
  await migrateUp(loadConfig({ ...settings, SERVICES: "none" }), log);
  return settings;
}

/** Starts the machines in front of the servers; resolves when all are ready. */
export async function startSite(run: number, directory: string, settings: Settings): Promise<Site> {
  const apps = [new App(run, 1, directory, settings), new App(run, 2, directory, settings)] as const;
  const fronts = [new Front(run, 1, directory), new Front(run, 2, directory)] as const;
  for (const part of [...apps, ...fronts]) part.start();
  const config = loadConfig({
    ...settings,
    SERVICES: "none",
    NODE_ID: "operator",
    LOG_FORMAT: "text",
    LOG_LEVEL: "fatal",
  });
  const operator = await createNode(config);
  await operator.start();
  const site = { apps, fronts, operator };
  await untilHealthy(site);
  return site;
}

/** A variant in stock, and a logged-in customer. */
export async function createPurchasable({ operator }: Site): Promise<Purchasable> {
  const meta = { caller: { kind: "operator", name: "test" } as const };
  const sizes = Array.from({ length: variants }, (_, index) => `${index}`);
  const product = {
    slug: "thing",
    name: "Thing",
    status: "published",
    variants: sizes.map((size) => ({ sku: `T-${size}`, options: { size }, priceMinor: 1000 })),
  } as const;
  const made = await callShop(operator, "catalog.products.create", product, { meta });
  const variantIds = made.variants.map(({ id }) => id);
  for (const variantId of variantIds) {
    const delivery = { variantId, kind: "receive", quantity: 100_000, reason: "delivery" } as const;
    await callShop(operator, "catalog.stock.change", delivery, { meta });
  }
  return { variantIds, token: await signIn() };
}

/** More often than five times a second, nginx refuses a client's logins. */
const betweenAttemptsMs = 250;

/** Right after the start, gateways may respond 503 until they have discovered all nodes. */
async function signIn(): Promise<string> {
  const client = new HttpClient(sharedAddress);
  const account = { email: `${newId()}@example.com`, password: "a long and private sentence" };
  const register = () => client.send("POST", "/api/v1/auth/register", {}, { ...account, name: "Ada" });
  while ((await register()).status >= 300) await sleep(betweenAttemptsMs);
  const logIn = () => client.send("POST", "/api/v1/auth/login", {}, account);
  let answer = await logIn();
  while (answer.status === 503) {
    await sleep(betweenAttemptsMs);
    answer = await logIn();
  }
  client.close();
  if (answer.status !== 200) throw new Error(`no login: ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body) as { accessToken: string }).accessToken;
}
