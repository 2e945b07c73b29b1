import { configOf } from "../../mixins/service/config-of.ts";
import { readCommandLine, wholeNumber } from "../../mixins/support/command-line.ts";
import { NodeTable } from "./cluster/node-table.ts";
import { logUnhandledErrors } from "./cluster/outlive-faults.ts";
import { defaultCounts, nodeKinds, serviceNames, type NodeKind } from "./cluster/plan.ts";
import { lines, Terminal } from "./cluster/screen.ts";
import { startCluster, type ClusterOptions } from "./cluster/start-cluster.ts";
import { logForeignNodes } from "./cluster/watch-guests.ts";
import { interruption } from "./interruption.ts";
import { StackError } from "./stack-error.ts";

export { startCluster, type Cluster, type ClusterOptions } from "./cluster/start-cluster.ts";
export type { NodeProcess, NodeState } from "./cluster/node-process.ts";

const countOf = (kind: NodeKind) =>
  ({
    type: "string",
    value: "N",
    help: `number of nodes that run ${kind} (default: ${defaultCounts[kind]})`,
  }) as const;
const line = {
  name: "cluster",
  about: "The shop as a cluster on this machine: its servers, and each service on nodes of its own.",
  options: {
    ...Object.fromEntries(serviceNames.map((name) => [name, countOf(name)])),
    rest: {
      type: "string",
      value: "N",
      help: "number of nodes that run all services of which no number is given",
    },
    all: {
      type: "string",
      value: "N",
      help: "number of nodes that run all services; others then start only on request",
    },
    port: {
      type: "string",
      value: "N",
      help: "the first gateway's port; the next ones count up (default: 3000)",
    },
    directory: {
      type: "string",
      value: "DIR",
      help: "data directory (default: STACK_DIR, else .stack in the project)",
    },
    fast: { type: "boolean", default: false, help: "for tests: relaxed about power cuts, smaller buffers" },
    yes: { type: "boolean", default: false, help: "install missing servers without asking" },
    "keep-stack": { type: "boolean", default: false, help: "leave the servers running at the end" },
  },
  notes: "Ctrl-C shuts it down gracefully. Crashed nodes are restarted. More nodes join with npm run node.",
} as const;

interface Arguments {
  readonly options: ClusterOptions;
  readonly keepStack: boolean;
}

async function readArguments(): Promise<Arguments> {
  return readCommandLine(line, (values) => {
    const number = (name: string, least: number, most: number) => {
      const text = (values as Readonly<Record<string, string | boolean | undefined>>)[name];
      return typeof text !== "string" ? undefined : wholeNumber(`--${name}`, text, least, most);
    };
    const counts = nodeKinds.flatMap((name) => {
      const count = number(name, 0, 20);
      return count === undefined ? [] : [[name, count] as const];
    });
    const { directory, fast, yes } = values;
    const port = number("port", 1, 65_535 - 20);
    return {
      options: { counts: Object.fromEntries(counts), port, directory, fast, yes },
      keepStack: values["keep-stack"],
    };
  });
}

/** Runs until interrupted. */
async function run({ options, keepStack }: Arguments): Promise<void> {
  const signal = interruption();
  const { stdout } = process;
  const screen = stdout.isTTY ? new Terminal(stdout) : lines(stdout);
  const log = (line: string) => screen.say(line);
  logUnhandledErrors(log);

  const cluster = await startCluster({ ...options, log, signal });
  const { stack, nodes, urls, passwordFile, broker } = cluster;
  log("");
  for (const url of urls) log(`API            ${url}/api/v1   documentation ${url}/docs/`);
  if (passwordFile)
    log(`administrator  ${configOf(broker).administrator.email}, first password in ${passwordFile}`);
  log(`settings       ${stack.environmentFile} (npm run node, npm run repl)`);
  log(`logs           ${stack.directory}/logs/nodes`);
  logForeignNodes(broker, new Set(nodes.map(({ plan }) => plan.name)), log);
  const table = new NodeTable(cluster);
  screen.show(() => table.read());

  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", resolve);
  });
  screen.close();
  await cluster.stop({ keepStack });
}

async function main(): Promise<number> {
  const commandLine = await readArguments();
  try {
    await run(commandLine);
    return 0;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`cluster: ${error.message}\n`);
    return 1;
  }
}

if (import.meta.main) {
  // A reader such as `head` may close the pipe early.
  process.stdout.on("error", () => undefined);
  process.exitCode = await main();
}
