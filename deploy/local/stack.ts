import { readCommandLine } from "../../mixins/support/command-line.ts";
import { inside, stackDirectory } from "./directory.ts";
import { interruption } from "./interruption.ts";
import { startStack, stopStack } from "./lifecycle.ts";
import {
  containerPassword,
  containersDown,
  containersStatus,
  containersUp,
  dockerWorks,
} from "./containers.ts";
import { ServersMissing, StackError } from "./stack-error.ts";
import { stackStatus, type ServerStatus, type StackStatus } from "./status.ts";

export { startStack, stopStack, type StartOptions, type StopOptions } from "./lifecycle.ts";
export { stackStatus, type ServerStatus, type StackStatus } from "./status.ts";
export { StackError } from "./stack-error.ts";
export type { Stack } from "./faults.ts";
export type { StackEnvironment } from "./environment.ts";
export type { ReplicaName, ServerName } from "./servers/server.ts";

const line = {
  name: "stack",
  about:
    "The shop's servers on this machine, without Docker: RabbitMQ, Redis, a primary database and two replicas.",
  positionals: "up|status|down",
  options: {
    directory: {
      type: "string",
      value: "DIR",
      help: "data directory (default: STACK_DIR, else .stack in the project)",
    },
    fast: {
      type: "boolean",
      default: false,
      help: "up: for tests: relaxed about power cuts, smaller buffers",
    },
    listen: {
      type: "string",
      value: "ADDRESS",
      help: "up: an address of this machine to listen on, for nodes on other machines",
    },
    yes: { type: "boolean", default: false, help: "up: install missing servers without asking" },
    purge: { type: "boolean", default: false, help: "down: remove its data too" },
    json: { type: "boolean", default: false, help: "print the result as JSON" },
  },
  notes: `  up      start what is not running and wait until all of it serves
  status  show each server; exit code 1 when something is down
  down    stop all of it`,
} as const;

interface Flags {
  directory: string | undefined;
  listen: string | undefined;
  fast: boolean;
  yes: boolean;
  purge: boolean;
  json: boolean;
}

/** Progress and errors go to standard error; standard output has the result only. */
const say = (line: string) => process.stderr.write(`${line}\n`);
const print = (text: string) => process.stdout.write(`${text}\n`);

async function up(flags: Flags): Promise<number> {
  const runsContainers = (await containerPassword(stackDirectory(flags.directory))) !== undefined;
  try {
    if (!runsContainers) return await upOnThisMachine(flags);
  } catch (error) {
    if (!(error instanceof ServersMissing) || !dockerWorks()) throw error;
    say("The servers cannot be installed here, so Docker Compose runs them.");
  }
  const environmentFile = await containersUp(stackDirectory(flags.directory));
  print(
    flags.json
      ? JSON.stringify({ environmentFile }, null, 2)
      : `The shop's settings: ${environmentFile} (node --env-file=…)`,
  );
  return 0;
}

async function upOnThisMachine({ directory, listen, fast, yes, json }: Flags): Promise<number> {
  const signal = interruption();
  const began = Date.now();
  const stack = await startStack({ directory, listen, fast, yes, log: say, signal });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  const status = await stackStatus({ directory });
  if (json)
    print(
      JSON.stringify(
        { ...status, environmentFile: stack.environmentFile, seconds: Number(seconds) },
        null,
        2,
      ),
    );
  else {
    print(`The stack is up after ${seconds} s.\n`);
    print(describe(status));
    print(`\nThe shop's settings: ${stack.environmentFile} (node --env-file=…)`);
  }
  return 0;
}

async function status({ directory, json }: Flags): Promise<number> {
  if ((await containerPassword(stackDirectory(directory))) !== undefined) {
    await containersStatus(stackDirectory(directory));
    return 0;
  }
  const found = await stackStatus({ directory });
  print(json ? JSON.stringify(found, null, 2) : describe(found));
  return found.healthy ? 0 : 1;
}

async function down({ directory, purge, json }: Flags): Promise<number> {
  const path = stackDirectory(directory);
  if ((await containerPassword(path)) === undefined) await stopStack({ directory, purge, log: say });
  else await containersDown(path, purge);
  print(
    json
      ? JSON.stringify({ directory: path, purged: purge }, null, 2)
      : `Nothing of the stack in ${path} is running${purge ? ", and its data is removed" : ""}.`,
  );
  return 0;
}

function describe(status: StackStatus): string {
  if (status.servers.length === 0) return `No stack in ${status.directory}: \`stack up\` creates one.`;
  const rows = status.servers.map((server) =>
    [
      server.name,
      `127.0.0.1:${server.port}`,
      server.condition,
      server.pid ?? "",
      uptime(server.uptimeSeconds),
      replication(server),
    ].map(String),
  );
  const widths = [11, 17, 14, 9, 10, 0];
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("")}`.trimEnd(),
  );
  return [
    ...lines,
    "",
    `Directory: ${status.directory} (${status.profile} profile)`,
    `Logs:      ${inside(status.directory).logs}`,
  ].join("\n");
}

function uptime(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

function replication({ replication: state }: ServerStatus): string {
  if (state === undefined) return "";
  if (state.fetching && state.applying) return `follows, ${state.lagSeconds ?? "?"} s behind`;
  const stopped = [state.fetching ? "" : "does not fetch", state.applying ? "" : "does not apply"]
    .filter((part) => part !== "")
    .join(", ");
  return state.error === undefined ? stopped : `${stopped}: ${state.error}`;
}

const commands = { up, status, down };

async function main(): Promise<number> {
  const { run, flags } = await readCommandLine(
    line,
    ({ directory, listen, ...values }, [name = "", ...rest]) => {
      if (name === "") throw new TypeError(`Name a command: ${Object.keys(commands).join(", ")}`);
      const wrong = Object.hasOwn(commands, name) ? rest[0] : name;
      if (wrong !== undefined) throw new TypeError(`Unknown command: ${wrong}`);
      return { run: commands[name as keyof typeof commands], flags: { ...values, directory, listen } };
    },
  );
  try {
    return await run(flags);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    say(`stack: ${error.message}`);
    return 1;
  }
}

if (import.meta.main) {
  process.stdout.on("error", () => undefined); // a reader such as `head` may close the pipe early
  process.exitCode = await main();
}
