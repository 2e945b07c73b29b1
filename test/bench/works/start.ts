import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { newId } from "../../../mixins/contract/ids.ts";
import { migrateUp } from "../../../services/operations/migrate.ts";
import { nodeArguments } from "../../../services/node/node-flags.ts";
import { loadConfig } from "../../../config/index.ts";
import { nodeKinds } from "../../../deploy/local/cluster/plan.ts";
import { freePorts } from "../../cluster/processes.ts";
import type { Bench } from "../bench.ts";
import { startProgram } from "../processes.ts";
import { settings } from "../shop.ts";
import { cpuBetween, usageOf } from "../usage.ts";
import type { Work } from "../work.ts";

const starts = 5;
/** A node collects its garbage after five or ten idle seconds. */
const settleMs = 15_000;
const idleMs = 10_000;

/** Start time of a process, its memory after all works before, and its idle usage. */
export const startAndRest: Work = {
  name: "start",
  title: "start, memory and rest",
  rounds: 1,
  isCold: true,
  goals: [
    { of: "figure", figure: "start, ms", atMost: { embedded: 1000, cluster: 1500 } },
    { of: "figure", figure: "largest process after load, MB", atMost: 120 },
    { of: "figure", figure: "largest process at rest after load, MB", atMost: 120 },
    { of: "figure", figure: "busiest process at rest, % CPU", atMost: 1 },
  ],
  contenders: (bench) =>
    Promise.resolve([
      {
        name: "shop",
        processes: bench.shop.processes,
        async measure() {
          const own = new Map(
            [...bench.shop.processes].filter(
              ([name]) => name === "shop" || nodeKinds.some((kind) => name.startsWith(`${kind}-`)),
            ),
          );
          const atOnce = usageOf(own);
          await pause(settleMs);
          const before = usageOf(own);
          await pause(idleMs);
          const after = usageOf(own);
          const rest = Math.max(...cpuBetween(before, after).values());
          const times: number[] = [];
          for (let index = 0; index < starts; index += 1) times.push(await startOnce(bench, index));
          times.sort((one, other) => one - other);
          const start = times[Math.floor(starts / 2)] ?? Number.NaN;
          return {
            requests: starts,
            seconds: times.reduce((sum, time) => sum + time, 0) / 1000,
            failures: 0,
            p50Ms: start,
            p99Ms: times.at(-1) ?? Number.NaN,
            figures: {
              "start, ms": start,
              "largest process after load, MB": largest(atOnce),
              "largest process at rest after load, MB": largest(after),
              "busiest process at rest, % CPU": (100_000 * rest) / idleMs,
            },
          };
        },
      },
    ]),
};

function largest(usage: ReturnType<typeof usageOf>): number {
  return Math.max(...[...usage.values()].map(({ bytes }) => bytes)) / 1e6;
}

/** @returns ms until the first 200, or until a node without a gateway has joined and started its services */
async function startOnce({ shape, directory, shop }: Bench, index: number): Promise<number> {
  if (shape !== "embedded") {
    const environment = { ...shop.environment, SERVICES: "catalog", NODE_ID: `start-${newId()}` };
    const began = performance.now();
    const node = await startProgram("node", { args: nodeArguments, environment }, /(ShopServer) runs/);
    const lasted = performance.now() - began;
    await node.stop();
    return lasted;
  }
  const [dataDir, port] = [join(directory, "start"), await freePorts(2)];
  const environment = { ...settings, DATA_DIR: dataDir, PORT: `${port}` };
  if (index === 0) {
    await mkdir(dataDir, { recursive: true });
    await migrateUp(loadConfig(environment), () => undefined);
    // The first start also creates the administrator's account.
    await (await startProgram("shop", { args: nodeArguments, environment }, /(ShopServer) runs/)).stop();
  }
  const began = performance.now();
  const starting = startProgram("shop", { args: nodeArguments, environment }, /(ShopServer) runs/);
  while (
    !(await fetch(`http://127.0.0.1:${port}/api/v1/products`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await pause(5);
  const lasted = performance.now() - began;
  await (await starting).stop();
  return lasted;
}
