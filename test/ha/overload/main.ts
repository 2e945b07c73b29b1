import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { startCommand } from "../../../services/node/start-command.ts";
import { table } from "../../../services/node/commands/table.ts";
import { whyNoMachines } from "../ground.ts";
import { Nginx } from "../nginx.ts";
import { Generator, quantile, type Period } from "./generator.ts";

/**
 * `npm run overload`: how much a shop of one process behind nginx can do, and what becomes of it when ten times as much is
 * asked of it. The shop has a processor of its own where there are two, so that nginx and what asks do not take what is
 * measured.
 */

const say = (line: string) => void process.stdout.write(`${line}\n`);
const taskset = "/usr/bin/taskset";
const isPinned = availableParallelism() > 1 && existsSync(taskset);

const warmSeconds = 5;
const seconds = 5;
const rounds = 4;
const lanes = 32;
const factor = 10;
const recoverWithinSeconds = 10;

async function startShop(directory: string): Promise<{ shop: ChildProcess; port: number }> {
  const pinned = isPinned ? ([taskset, "-c", "0"] as const) : ([] as const);
  const [command, ...args] = [...pinned, process.execPath, ...startCommand] as const;
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
  const generator = new Generator(port, (number) => `/api/v1/products?limit=100&count=true&maxPrice=${1_000_000 + number}`);
  await generator.connect();
  await generator.saturate(lanes, warmSeconds);
  const rows: (string | number)[][] = [];
  const isWell = (period: Period) => period.refused + period.lost === 0 && quantile(period, 0.99) < 1000;
  let [able, done, slowestP99, longestRecovery] = [0, 0, 0, 0];
  // What else runs on this machine comes and goes, so the two are measured in turns.
  for (let round = 1; round <= rounds; round += 1) {
    const most = await generator.saturate(lanes, seconds);
    const pressed = await generator.press((most.granted.length / most.seconds) * factor, seconds);
    const after: Period[] = [];
    do after.push(await generator.press(most.granted.length / most.seconds / 2, 1));
    while (!isWell(after.at(-1) as Period) && after.length <= recoverWithinSeconds);
    rows.push(row("as much as it can", most), row(`${factor} times that`, pressed), row("half of it, afterwards", after.at(-1) as Period));
    able += most.granted.length;
    done += pressed.granted.length;
    slowestP99 = Math.max(slowestP99, quantile(pressed, 0.99));
    longestRecovery = Math.max(longestRecovery, after.length);
  }
  generator.close();

  say(table(["per second", "asked", "granted", "refused", "lost", "median ms", "p99 ms"], rows));
  const goodput = done / able;
  say(`\nUnder ${factor} times the load it did ${Math.round(goodput * 100)} % of what it can; it was well again within ${longestRecovery} s.`);
  return [
    ...(slowestP99 < 1000 ? [] : ["what was granted took a second or longer"]),
    ...(goodput >= 0.8 ? [] : ["it did less than 80 % of what it can"]),
    ...(longestRecovery <= recoverWithinSeconds ? [] : [`it was not well again within ${recoverWithinSeconds} s`]),
  ];
}

const why = whyNoMachines(say);
if (why !== undefined) {
  say(`\nOVERLOAD CANNOT BE SHOWN HERE: ${why}\n`);
  process.exit(3);
}
// What this process starts runs where it runs, the shop apart.
if (isPinned) execFileSync(taskset, ["-a", "-p", "-c", "1", String(process.pid)], { stdio: "ignore" });
const directory = mkdtempSync(join(tmpdir(), "shop-overload-"));
const { shop, port } = await startShop(directory);
shop.stdout?.resume();
const nginx = await Nginx.start([`http://127.0.0.1:${port}`], { unlimited: true });
try {
  const missed = await measure(Number(new URL(nginx.url).port));
  say(missed.length === 0 ? "All goals are reached." : `Missed: ${missed.join("; ")}`);
  process.exitCode = missed.length === 0 ? 0 : 1;
} finally {
  await nginx.stop();
  shop.kill("SIGTERM");
  await once(shop, "exit");
  rmSync(directory, { recursive: true, force: true });
}
