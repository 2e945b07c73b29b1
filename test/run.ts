import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentWith, loadConfig } from "../config/index.ts";
import type { Stack } from "../deploy/local/stack.ts";
import { StackError, startStack, stopStack } from "../deploy/local/stack.ts";
import { migrateUp } from "../services/node/migrate.ts";
import { whyNoMachines } from "./ha/ground.ts";

/**
 * Runs all tests: those of the embedded shape, then, over real servers, the component tests again and the cluster
 * tests, then those of high availability. Ends with one line of counts over all of them. Interrupted, it takes these
 * servers down, but not those that a test has started for itself, and ends as a shell says of a program that a signal ended.
 */

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const directory = await mkdtemp(join(tmpdir(), "shop-tests-"));
const stackDirectory = join(directory, "stack");
const insistOnServers = environmentWith({})["CI"] === "true";

const signals = { SIGINT: 130, SIGTERM: 143 } as const;
class Interrupted extends Error {
  readonly exitCode: number;

  constructor(name: keyof typeof signals) {
    super(`Interrupted by ${name}`);
    this.exitCode = signals[name];
  }
}
const interruption = new AbortController();
const { signal } = interruption;
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort(new Interrupted(name)));

/** @throws Interrupted */
async function run(title: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<void> {
  signal.throwIfAborted();
  process.stdout.write(`\n── ${title} ──\n`);
  const results = join(directory, "results.json");
  await rm(results, { force: true });
  const jest = spawn(
    process.execPath,
    ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", "node_modules/jest/bin/jest.js", ...args]
      .concat("--json", "--outputFile", results),
    { stdio: ["ignore", "inherit", "inherit"], env: environmentWith(env) },
  );
  const end = () => void jest.kill("SIGTERM");
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  await once(jest, "exit");
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  const counts = JSON.parse(await readFile(results, "utf8").catch(() => "null")) as JestResults | null;
  total.passed += counts?.numPassedTests ?? 0;
  total.failed += counts ? counts.numFailedTests + counts.numRuntimeErrorTestSuites : 1;
  total.skipped += counts?.numPendingTests ?? 0;
}

/** Servers of our own, or nothing where they can neither be found nor installed. */
async function serversForTests(): Promise<Stack | undefined> {
  try {
    const stack = await startStack({ directory: stackDirectory, fast: true, yes: true, log: say, signal });
    await migrateUp(loadConfig({ ...stack.environment }), () => undefined);
    return stack;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof StackError)) throw error;
    say(`\nTHE CLUSTER TESTS CANNOT RUN: ${error.message}\n`);
    return undefined;
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function runAll(): Promise<void> {
  await run("unit and component tests, embedded shape", ["test/unit", "test/component"]);

  // How a shop starts is the embedded shape's; whether it tells accounts by time is measured where nothing else takes time;
  // what a gateway refuses unread is the same whatever is behind it.
  const notOnCluster = ["start.test", "tells-nothing.test", "hostile-bodies.test"];
  const onCluster = ["--runInBand", "test/component", ...notOnCluster.flatMap((name) => ["--testPathIgnorePatterns", name])];
  const stack = await serversForTests();
  if (stack) {
    await run("component tests, cluster shape", onCluster, { SHOP_TEST_SETTINGS: stack.environmentFile });
    await stopStack({ directory: stackDirectory, purge: true });
    await run("cluster tests", ["--runInBand", "test/cluster"]);
  } else if (insistOnServers) {
    total.failed += 1;
  } else {
    // A pattern that no name matches: each test is counted as skipped.
    await run("component tests, cluster shape (skipped)", [...onCluster, "--testNamePattern", "(?!)"]);
    await run("cluster tests (skipped)", ["test/cluster", "--testNamePattern", "(?!)"]);
  }

  const onMachines = ["--runInBand", "test/ha"];
  const noMachines = stack ? whyNoMachines(say) : "there are no servers";
  if (noMachines === undefined) {
    await run("tests of high availability, on machines made of namespaces", onMachines);
  } else {
    say(`\nTHE TESTS OF HIGH AVAILABILITY CANNOT RUN: ${noMachines}\n`);
    await run("tests of high availability (skipped)", [...onMachines, "--testNamePattern", "(?!)"]);
  }
}

try {
  await runAll();
  const { passed, failed, skipped } = total;
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  say(`\n${error.message}`);
  process.exitCode = error.exitCode;
} finally {
  await stopStack({ directory: stackDirectory, purge: true });
  await rm(directory, { recursive: true, force: true });
}
