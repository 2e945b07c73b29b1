import { parseArgs } from "node:util";
import { configOf } from "../../mixins/config-of.ts";
import { NodeTable } from "./cluster/node-table.ts";
import { defaultCounts, nodeKinds, type NodeCounts } from "./cluster/plan.ts";
import { lines, Terminal } from "./cluster/screen.ts";
import { startCluster, type ClusterOptions } from "./cluster/start-cluster.ts";
import { watchGuests } from "./cluster/watch-guests.ts";
import { StackError } from "./stack-error.ts";

export { startCluster, type Cluster, type ClusterOptions } from "./cluster/start-cluster.ts";
export type { NodeProcess, NodeState } from "./cluster/node-process.ts";

const counted = nodeKinds.map((kind) => `--${kind} ${defaultCounts[kind]}`).join(" ");
const usage = `The shop as a cluster on this machine: its servers, and each service on nodes of its own.

  cluster [${counted}] [--port 3000] [--directory DIR] [--fast] [--yes] [--keep-stack]

  --api N …         how many nodes run a service (0 to 20)
  --all N           how many nodes run all services; then there are no others, unless they are asked for
  --port N          the first gateway's port; the next ones count up
  --directory DIR   where everything is kept (default: STACK_DIR, else .stack in the project)
  --fast            for tests: relaxed about power cuts, smaller buffers
  --yes             install missing servers without asking
  --keep-stack      leave the servers running at the end

Ctrl-C stops it all in order. A node that dies is started again. More nodes join with npm run node.
`;

interface Arguments {
  readonly options: ClusterOptions;
  readonly keepStack: boolean;
}

/** Throws a TypeError for what it does not know. */
function parse(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      api: { type: "string" },
      users: { type: "string" },
      catalog: { type: "string" },
      cart: { type: "string" },
      orders: { type: "string" },
      audit: { type: "string" },
      all: { type: "string" },
      port: { type: "string" },
      directory: { type: "string" },
      fast: { type: "boolean" },
      yes: { type: "boolean" },
      "keep-stack": { type: "boolean", default: false },
    },
  });
  const number = (name: "port" | keyof NodeCounts, min: number, max: number) => {
    const text = values[name];
    if (text === undefined) return undefined;
    if (!/^\d{1,5}$/.test(text) || Number(text) < min || Number(text) > max)
      throw new TypeError(`--${name} must be a whole number from ${min} to ${max}`);
    return Number(text);
  };
  const counts = nodeKinds.flatMap((name) => {
    const count = number(name, 0, 20);
    return count === undefined ? [] : [[name, count] as const];
  });
  const { directory, fast, yes } = values;
  const port = number("port", 1, 65_535 - 20);
  return { options: { counts: Object.fromEntries(counts), port, directory, fast, yes }, keepStack: values["keep-stack"] };
}

/** Runs until it is interrupted. */
async function run({ options, keepStack }: Arguments): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () => interrupted.abort(new StackError(`Interrupted by ${name}`)));
  const { stdout } = process;
  const screen = stdout.isTTY ? new Terminal(stdout) : lines(stdout);
  const log = (line: string) => screen.say(line);

  const cluster = await startCluster({ ...options, log, signal: interrupted.signal });
  const { stack, nodes, urls, passwordFile, broker } = cluster;
  log("");
  for (const url of urls) log(`API            ${url}/api/v1   documentation ${url}/docs/`);
  if (passwordFile) log(`administrator  ${configOf(broker).administrator.email}, first password in ${passwordFile}`);
  log(`settings       ${stack.environmentFile} (npm run node, npm run repl)`);
  log(`logs           ${stack.directory}/logs/nodes`);
  watchGuests(broker, new Set(nodes.map(({ plan }) => plan.name)), log);
  const table = new NodeTable(cluster);
  screen.show(() => table.read());

  await new Promise((resolve) => {
    if (interrupted.signal.aborted) resolve(undefined);
    else interrupted.signal.addEventListener("abort", resolve);
  });
  screen.close();
  await cluster.stop({ keepStack });
}

async function main(args: string[]): Promise<number> {
  if (args.includes("--help")) {
    process.stdout.write(usage);
    return 0;
  }
  let parsed: Arguments;
  try {
    parsed = parse(args);
  } catch (error) {
    process.stderr.write(`cluster: ${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  try {
    await run(parsed);
    return 0;
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`cluster: ${error.message}\n`);
    return 1;
  }
}

if (import.meta.main) {
  // A reader such as `head` may leave early.
  process.stdout.on("error", () => undefined);
  process.exitCode = await main(process.argv.slice(2));
}
