import { setTimeout as pause } from "node:timers/promises";
import type { GrowingShop } from "./machines.ts";
import type { ScaleClients, ScaleWork, Throughput } from "./loads.ts";
import { together } from "./loads.ts";
import type { ProcessorTime } from "./processor-time.ts";
import { watchProcessors } from "./processor-time.ts";

/** What so many machines did of one work; `rest` is none. */
export interface Step extends Throughput {
  readonly work: string;
  readonly machines: number;
  readonly seconds: number;
  readonly time: ProcessorTime;
}

const exerciseSeconds = 4;
const warmUpSeconds = 1;
/** Nodes that rest collect what their work has left, and let go of compiled code with it: not before they are measured at work. */
const settleSeconds = 15;
const restSeconds = 4;

/** Lets all machines do all that they will be measured at, so that their code is compiled and their connections are open. */
export async function exercise(works: readonly ScaleWork[], shop: GrowingShop, machines: number): Promise<void> {
  for (const work of works) await ask(clientsOf(work, shop, machines), exerciseSeconds);
}

/** Lets all clients ask at once for so long. */
export async function measureStep(work: ScaleWork, shop: GrowingShop, machines: number, seconds: number): Promise<Step> {
  const clients = clientsOf(work, shop, machines);
  await ask(clients, warmUpSeconds);
  for (const client of clients) await client.prepare?.(seconds);
  const passed = watchProcessors(await shop.processes());
  const answers = await Promise.all(clients.map((client) => client.measure(seconds)));
  return { work: work.name, machines, seconds, ...together(answers), time: passed() };
}

/** What it takes that the machines are there, while nobody asks. */
export async function measureRest(shop: GrowingShop, machines: number): Promise<Step> {
  // Events of what was done before are still being taken in.
  await pause(settleSeconds * 1000);
  const passed = watchProcessors(await shop.processes());
  await pause(restSeconds * 1000);
  return { work: "rest", machines, seconds: restSeconds, perSecond: 0, failures: 0, p50Ms: 0, p99Ms: 0, time: passed() };
}

function clientsOf(work: ScaleWork, shop: GrowingShop, machines: number): ScaleClients[] {
  return shop.urls.slice(0, machines).map((url, gateway) => work.clientsOf(shop, url, gateway));
}

async function ask(clients: readonly ScaleClients[], seconds: number): Promise<void> {
  for (const client of clients) await client.prepare?.(seconds);
  await Promise.all(clients.map((client) => client.measure(seconds)));
}
