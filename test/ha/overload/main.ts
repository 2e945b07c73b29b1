import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { table } from "../../../services/node/commands/table.ts";
import { Generator, quantile, type Period } from "./generator.ts";

/**
 * `npm run overload`: how much a shop of one process can do, and what becomes of it when ten times as much is asked of it.
 * The shop has a processor of its own where there are two, so that what asks does not take what is measured.
 */

const main = fileURLToPath(new URL("../../../services/node/main.ts", import.meta.url));
const say = (line: string) => void process.stdout.write(`${line}\n`);
const taskset = "/usr/bin/taskset";

const warmSeconds = 5;
const seconds = 10;
const lanes = 32;
const factor = 10;
const recoverWithinSeconds = 10;

async function startShop(directory: string): Promise<{ shop: ChildProcess; port: number }> {
  const pinned = availableParallelism() > 1 && existsSync(taskset) ? ([taskset, "-c", "0"] as const) : ([] as const);
  const [command, ...args] = [...pinned, process.execPath, main] as const;
  const env = { PATH: "/usr/bin:/bin", DATA_DIR: directory, PORT: "0", LOG_LEVEL: "error" };
  const shop = spawn(command, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  shop.stdout?.setEncoding("utf8");
  for await (const text of shop.stdout ?? []) {
    output += String(text);
    const [, port] = /API +http:\/\/\S+?:(\d+)\/api/.exec(output) ?? [];
    if (port && output.includes("administrator")) return { shop, port: Number(port) };
  }
  throw new Error(`the shop did not start: ${output}`);
}

function row(what: string, period: Period): (string | number)[] {
  const perSecond = (count: number) => Math.round(count / period.seconds);
  const { offered, granted, refused, lost } = period;
  const latency = (share: number) => Math.round(quantile(period, share));
  return [what, ...[offered, granted.length, refused, lost].map(perSecond), latency(0.5), latency(0.99)];
}

async function measure(port: number): Promise<string[]> {
  const generator = new Generator(port, (number) => `/api/v1/products?limit=20&maxPrice=${1_000_000 + number}`);
  await generator.connect();
  await generator.saturate(lanes, warmSeconds);
  const most = await generator.saturate(lanes, seconds);
  const capacity = most.granted.length / most.seconds;
  const pressed = await generator.press(capacity * factor, seconds);
  const after: Period[] = [];
  const isWell = (period: Period) => period.refused + period.lost === 0 && quantile(period, 0.99) < 1000;
  do after.push(await generator.press(capacity / 2, 1));
  while (!isWell(after.at(-1) as Period) && after.length <= recoverWithinSeconds);
  generator.close();

  const headings = ["per second", "asked", "granted", "refused", "lost", "median ms", "p99 ms"];
  const rest = after.map((period, index) => row(`half of that, second ${index + 1}`, period));
  say(table(headings, [row("as much as it can", most), row(`${factor} times that`, pressed), ...rest]));
  const goodput = pressed.granted.length / pressed.seconds / capacity;
  say(`\nUnder ${factor} times the load it did ${Math.round(goodput * 100)} % of what it can; it was well again after ${after.length} s.`);
  return [
    ...(quantile(pressed, 0.99) < 1000 ? [] : ["what was granted took a second or longer"]),
    ...(goodput >= 0.8 ? [] : ["it did less than 80 % of what it can"]),
    ...(after.length <= recoverWithinSeconds ? [] : [`it was not well again within ${recoverWithinSeconds} s`]),
  ];
}

const directory = mkdtempSync(join(tmpdir(), "shop-overload-"));
const { shop, port } = await startShop(directory);
shop.stdout?.resume();
try {
  const missed = await measure(port);
  say(missed.length === 0 ? "All goals are reached." : `Missed: ${missed.join("; ")}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  shop.kill("SIGTERM");
  await once(shop, "exit");
  rmSync(directory, { recursive: true, force: true });
}
