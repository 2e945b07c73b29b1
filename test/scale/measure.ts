import { setTimeout as pause } from "node:timers/promises";
import type { GrowingShop } from "./machines.ts";
import type { ScaleClients, ScaleWork, Throughput } from "./loads.ts";
import { together } from "./loads.ts";
import type { ProcessorTime } from "./processor-time.ts";
import { watchProcessors } from "./processor-time.ts";

/** Result of this many machines for one work; `rest` is no load. */
export interface Step extends Throughput {
  readonly work: string;
  readonly machines: number;
  readonly seconds: number;
  readonly time: ProcessorTime;
}

const exerciseSeconds = 4;
const warmUpSeconds = 1;
/** Idle nodes collect garbage and discard compiled code; wait for it only after the loads. */
const settleSeconds = 15;
const restSeconds = 4;

/** Warms up all machines: compiles their code and opens their connections. */
export async function exercise(
  works: readonly ScaleWork[],
  shop: GrowingShop,
  machines: number,
): Promise<void> {
  for (const work of works) await applyLoad(clientsOf(work, shop, machines), exerciseSeconds);
}

/** Runs all clients for this duration. */
export async function measureStep(
  work: ScaleWork,
  shop: GrowingShop,
  machines: number,
  seconds: number,
): Promise<Step> {
  const clients = clientsOf(work, shop, machines);
  await applyLoad(clients, warmUpSeconds);
  for (const client of clients) await client.prepare?.(seconds);
  const passed = watchProcessors(await shop.processes());
  const answers = await Promise.all(clients.map((client) => client.measure(seconds)));
  return { work: work.name, machines, seconds, ...together(answers), time: passed() };
}

/** Idle costs of the machines. */
export async function measureRest(shop: GrowingShop, machines: number): Promise<Step> {
  // Earlier events are still being consumed.
  await pause(settleSeconds * 1000);
  const passed = watchProcessors(await shop.processes());
  await pause(restSeconds * 1000);
  return {
    work: "rest",
    machines,
    seconds: restSeconds,
    perSecond: 0,
    failures: 0,
    p50Ms: 0,
    p99Ms: 0,
    time: passed(),
  };
}

function clientsOf(work: ScaleWork, shop: GrowingShop, machines: number): ScaleClients[] {
  return shop.urls.slice(0, machines).map((url, gateway) => work.clientsOf(shop, url, gateway));
}

async function applyLoad(clients: readonly ScaleClients[], seconds: number): Promise<void> {
  for (const client of clients) await client.prepare?.(seconds);
  await Promise.all(clients.map((client) => client.measure(seconds)));
}
