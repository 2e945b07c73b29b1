import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { readCommandLine } from "../../../mixins/support/command-line.ts";
import { Interrupted, interruption, whenAborted } from "../../../deploy/local/interruption.ts";
import { nodeArguments } from "../../../services/node/node-flags.ts";
import { table } from "../../../services/operations/console/table.ts";
import { Teardown } from "../../support/teardown.ts";
import { missingPrerequisite } from "../ground.ts";
import { Nginx } from "../nginx.ts";
import { Generator, quantile, type Period } from "./generator.ts";

const log = (line: string) => void process.stdout.write(`${line}\n`);
const line = {
  name: "overload",
  about: `How much a shop of one process behind nginx can do, and what becomes of it when ten times as much is asked of it.`,
  options: {},
  notes: `The shop has a processor of its own where there are two, so that nginx and what asks do not take what is measured.
Needs root on Linux, for a configuration of nginx of its own, and takes two minutes.
Exit code: 0 when all goals are reached, 1 when not, 2 when it could not be done or taken away, 3 when it cannot be shown here.`,
} as const;
const taskset = "/usr/bin/taskset";
const isPinned = availableParallelism() > 1 && existsSync(taskset);

/** Above the shop's own shutdown limit. */
const graceMs = 20_000;
const warmSeconds = 5;
const seconds = 5;
const rounds = 4;
const lanes = 32;
const factor = 10;
const recoverWithinSeconds = 10;

/** @returns its port */
async function startShop(teardown: Teardown): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "shop-overload-"));
  teardown.defer(directory, () => rmSync(directory, { recursive: true, force: true }));
  const pinned = isPinned ? ([taskset, "-c", "0"] as const) : ([] as const);
  const [command, ...args] = [...pinned, process.execPath, ...nodeArguments] as const;
  const env = { PATH: "/usr/bin:/bin", DATA_DIR: directory, PORT: "0", LOG_LEVEL: "error" };
  // The IPC channel ends it with this process. Ctrl-C reaches this process only.
  const shop = spawn(command, args, { env, detached: true, stdio: ["ignore", "pipe", "inherit", "ipc"] });
  teardown.defer(`the shop (pid ${shop.pid})`, () => endProcess(shop));
  const started = Promise.withResolvers<number>();
  let output = "";
  shop.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    const [, port] = /API +http:\/\/\S+?:(\d+)\/api/.exec(output) ?? [];
    if (port && output.includes("administrator")) started.resolve(Number(port));
  });
  shop.on("exit", () => started.reject(new Error(`the shop has ended: ${output}`)));
  return started.promise;
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(force);
}

function row(what: string, period: Period): (string | number)[] {
  const perSecond = (count: number) => Math.round(count / period.seconds);
  const { offered, granted, refused, lost } = period;
  const latency = (share: number) => Math.round(quantile(period, share));
  return [what, ...[offered, granted.length, refused, lost].map(perSecond), latency(0.5), latency(0.99)];
}

async function measure(port: number): Promise<string[]> {
  const generator = new Generator(
    port,
    (number) => `/api/v1/products?limit=100&count=true&maxPrice=${1_000_000 + number}`,
  );
  await generator.connect();
  await generator.saturate(lanes, warmSeconds);
  const rows: (string | number)[][] = [];
  const isWell = (period: Period) => period.refused + period.lost === 0 && quantile(period, 0.99) < 1000;
  let [able, done, slowestP99, longestRecovery] = [0, 0, 0, 0];
  // Interleaved, so that background load affects both.
  for (let round = 1; round <= rounds; round += 1) {
    const most = await generator.saturate(lanes, seconds);
    const pressed = await generator.sendAtRate((most.granted.length / most.seconds) * factor, seconds);
    const after: Period[] = [];
    do after.push(await generator.sendAtRate(most.granted.length / most.seconds / 2, 1));
    while (!isWell(after.at(-1) as Period) && after.length <= recoverWithinSeconds);
    rows.push(
      row("as much as it can", most),
      row(`${factor} times that`, pressed),
      row("half of it, afterwards", after.at(-1) as Period),
    );
    able += most.granted.length;
    done += pressed.granted.length;
    slowestP99 = Math.max(slowestP99, quantile(pressed, 0.99));
    longestRecovery = Math.max(longestRecovery, after.length);
  }
  generator.close();

  log(table(["per second", "asked", "granted", "refused", "lost", "median ms", "p99 ms"], rows));
  const goodput = done / able;
  log(
    `\nUnder ${factor} times the load it did ${Math.round(goodput * 100)} % of what it can; it was well again within ${longestRecovery} s.`,
  );
  return [
    ...(slowestP99 < 1000 ? [] : ["successful responses took a second or longer"]),
    ...(goodput >= 0.8 ? [] : ["it did less than 80 % of what it can"]),
    ...(longestRecovery <= recoverWithinSeconds
      ? []
      : [`it was not well again within ${recoverWithinSeconds} s`]),
  ];
}

await readCommandLine(line, () => undefined);
const why = missingPrerequisite(log);
if (why !== undefined) {
  log(`\nOVERLOAD CANNOT BE SHOWN HERE: ${why}\n`);
  process.exit(3);
}
// Child processes inherit the CPU affinity; the shop has its own.
if (isPinned) execFileSync(taskset, ["-a", "-p", "-c", "1", String(process.pid)], { stdio: "ignore" });

/** @returns the exit code */
async function run(teardown: Teardown): Promise<number> {
  const port = await startShop(teardown);
  const starting = Nginx.start([`http://127.0.0.1:${port}`], { unlimited: true });
  teardown.defer("nginx", async () => (await starting).stop());
  const nginx = await starting;
  log(`The shop and nginx run; this takes ${warmSeconds + rounds * (2 * seconds + 1)} s or more`);
  const missed = await measure(Number(new URL(nginx.url).port));
  log(missed.length === 0 ? "All goals are reached." : `Missed: ${missed.join("; ")}`);
  return missed.length === 0 ? 0 : 1;
}

const teardown = new Teardown();
const outcome = await Promise.race([run(teardown), whenAborted(interruption())]).catch((error: unknown) => {
  log(error instanceof Interrupted ? error.message : ((error as Error).stack ?? String(error)));
  return error instanceof Interrupted ? error.exitCode : 2;
});
const left = await teardown.run();
for (const what of left) log(`NOT TAKEN AWAY: ${what}`);
// Pending work ends with the process.
process.exit(outcome === 0 && left.length > 0 ? 2 : outcome);
