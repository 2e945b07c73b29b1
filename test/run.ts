import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { environmentWith, loadConfig } from "../config/index.ts";
import { Interrupted, interruption } from "../deploy/local/interruption.ts";
import type { Stack } from "../deploy/local/stack.ts";
import { StackError, startStack, stopStack } from "../deploy/local/stack.ts";
import { readCommandLine } from "../mixins/support/command-line.ts";
import { migrateUp } from "../services/operations/migrate.ts";
import { endTree } from "./support/end-tree.ts";
import { missingPrerequisite } from "./ha/ground.ts";

/**
 * Runs all tests: the embedded shape; then, on real servers, component tests again and cluster tests; then
 * high availability. Prints a summary. On a signal it stops all servers, including those of tests, and exits
 * with the shell's code for it.
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

const line = {
  name: "test",
  about:
    "Checks types, lint, boundaries and licences, and runs all tests: those over servers start them by themselves.",
  also: {
    "test:quick": "Checks types and lint, and runs the quick tests that need no servers.",
  },
  options: {
    quick: {
      type: "boolean",
      default: false,
      help: "only unit and component tests without servers that are quick",
    },
  },
  notes: "Some of the tests: npm run test:jest -- test/unit. Exit code: 0 when all passed, 1 when not.",
} as const;
const { quick } = await readCommandLine(line, (values) => values);

/** Tests that compare durations, so they run alone. */
const measuringTime = ["tells-nothing"];
/** Excluded by `--quick`: each starts many processes or sends thousands of requests, 40 % of the time in all. */
const slow = [
  "start",
  "command-lines",
  "new-command",
  "damaged-files",
  "replay",
  "check-command",
  "hostile-bodies",
  "hostile-requests",
  "broken-protections",
  "imports",
  "shop-at-scale",
  "demo-mall",
  "left-out-services",
];
/** A gateway falls back to local counts when Redis takes over 100 ms, which happens beside another test. */
const countingInRedis = ["limits", "login-lock-out", "guesses-at-a-session", "coupon-guesses"];

const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const directory = await mkdtemp(join(tmpdir(), "shop-tests-"));
/** A test empties its stack, so each Jest worker has one. */
const stackDirectories = ["stack-1", "stack-2"].map((name) => join(directory, name));
const insistOnServers = environmentWith({})["CI"] === "true";

/** V8's compilation cache retains every file's module graph, 16 to 30 MB each, until the heap is full. */
const nodeFlags = [
  "--no-compilation-cache",
  "--experimental-vm-modules",
  "--disable-warning=ExperimentalWarning",
];
/** The shop's own flags: programs started by tests load in half the time. */
const compiled = fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url));

const signal = interruption();

/** Resolves when Jest has had a minute since its results. */
async function outstayed(results: string, signal: AbortSignal): Promise<void> {
  while (!existsSync(results)) await pause(1000, undefined, { signal });
  await pause(60_000, undefined, { signal });
}

/** @throws Interrupted */
async function run(
  title: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  signal.throwIfAborted();
  process.stdout.write(`\n── ${title} ──\n`);
  const results = join(directory, "results.json");
  await rm(results, { force: true });
  const jest = spawn(
    process.execPath,
    [...nodeFlags, "node_modules/jest/bin/jest.js", ...args, "--json", "--outputFile", results],
    // Ctrl-C reaches this process only: after Jest's end, its child processes would be unknown.
    {
      detached: true,
      stdio: ["ignore", "inherit", "inherit"],
      env: environmentWith({ NODE_COMPILE_CACHE: compiled, ...env }),
    },
  );
  // Ends Jest at once, then all processes that tests have started.
  let ending: Promise<void> | undefined;
  const end = () => {
    ending = endTree(jest.pid ?? 0);
  };
  signal.addEventListener("abort", end);
  const exit = once(jest, "exit");
  const running = new AbortController();
  void outstayed(results, running.signal).then(
    () => {
      say("\nJest does not end after its tests: something that they started still runs. It is ended now.");
      total.failed += 1;
      return end();
    },
    () => undefined,
  );
  await exit;
  running.abort();
  signal.removeEventListener("abort", end);
  await ending;
  signal.throwIfAborted();
  const counts = JSON.parse(await readFile(results, "utf8").catch(() => "null")) as JestResults | null;
  total.passed += counts?.numPassedTests ?? 0;
  total.failed += counts ? counts.numFailedTests + counts.numRuntimeErrorTestSuites : 1;
  total.skipped += counts?.numPendingTests ?? 0;
}

/** Stacks for tests; undefined when servers are missing and cannot be installed. */
async function stacksForTests(): Promise<Stack[] | undefined> {
  const stacks: Stack[] = [];
  try {
    // Sequential, since each looks for free ports.
    for (const at of stackDirectories) {
      const stack = await startStack({ directory: at, fast: true, yes: true, log: say, signal });
      await migrateUp(loadConfig({ ...stack.environment }), () => undefined);
      stacks.push(stack);
    }
    return stacks;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof StackError)) throw error;
    say(`\nTHE CLUSTER TESTS CANNOT RUN: ${error.message}\n`);
    return undefined;
  }
}

async function stopStacks(directories: readonly string[] = stackDirectories): Promise<void> {
  for (const at of directories) await stopStack({ directory: at, purge: true });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const without = (names: readonly string[]) =>
  names.flatMap((name) => ["--testPathIgnorePatterns", `/${name}.test`]);
const alone = (names: readonly string[]) => [
  "--runInBand",
  ...names.map((name) => `test/component/${name}.test`),
];
/** Component tests that begin with `@embedded` and a reason: servers change nothing about what they show. */
async function onlyEmbedded(): Promise<string[]> {
  const folder = fileURLToPath(new URL("component/", import.meta.url));
  const names: string[] = [];
  for (const file of await readdir(folder)) {
    const [, name] = /^(.+)\.test\.ts$/.exec(file) ?? [];
    if (name && (await readFile(join(folder, file), "utf8")).startsWith("/** @embedded ")) names.push(name);
  }
  return names;
}

/** A pattern that no name matches: each test is counted as skipped. */
const skipping = ["--testNamePattern", "(?!)"];

const runEmbedded = (excluded: readonly string[]) =>
  run("unit and component tests, embedded shape", ["test/unit", "test/component", ...without(excluded)]);

async function runAll(): Promise<void> {
  await runEmbedded(measuringTime);
  await run("tests that measure time, embedded shape", alone(measuringTime));

  const onCluster = ["test/component", ...without(await onlyEmbedded())];
  const stacks = await stacksForTests();
  if (stacks) {
    const settings = { SHOP_TEST_SETTINGS: stacks.map(({ environmentFile }) => environmentFile).join(":") };
    const atOnce = [...onCluster, ...without(countingInRedis), "--maxWorkers", String(stacks.length)];
    await run("component tests, cluster shape", atOnce, settings);
    await run("tests that count in Redis, cluster shape", alone(countingInRedis), settings);
    const [shared, ...others] = stackDirectories;
    await stopStacks(others);
    await run("cluster tests", ["--runInBand", "test/cluster"], shared ? { SHOP_TEST_STACK: shared } : {});
    await stopStacks();
  } else if (insistOnServers) {
    total.failed += 1;
  } else {
    await run("component tests, cluster shape (skipped)", [...onCluster, ...skipping]);
    await run("cluster tests (skipped)", ["test/cluster", ...skipping]);
  }

  const onMachines = ["--runInBand", "test/ha"];
  const noMachines = stacks ? missingPrerequisite(say) : "there are no servers";
  if (noMachines === undefined) {
    await run("tests of high availability, on machines made of namespaces", onMachines);
  } else {
    say(`\nTHE TESTS OF HIGH AVAILABILITY CANNOT RUN: ${noMachines}\n`);
    await run("tests of high availability (skipped)", [...onMachines, ...skipping]);
  }
}

try {
  await (quick ? runEmbedded([...measuringTime, ...slow]) : runAll());
  const { passed, failed, skipped } = total;
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
  say(`\n${error.message}`);
  process.exitCode = error.exitCode;
} finally {
  await stopStacks();
  await rm(directory, { recursive: true, force: true });
}
