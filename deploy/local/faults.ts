import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "amqplib";
import { inside } from "./directory.ts";
import { stackEnvironment, type StackEnvironment } from "./environment.ts";
import type { Programs } from "./servers/database-dialect.ts";
import { exitsWithin, observe, signal, type ServerProcess } from "./processes.ts";
import { startServer, endServers, runningProcess, serversOf } from "./run-servers.ts";
import { asAdmin, execute } from "./servers/database.ts";
import { amqpUrl, rabbitmqctl } from "./servers/rabbitmq.ts";
import { setApplying } from "./servers/replication.ts";
import type { ReplicaName, ServerName } from "./servers/server.ts";
import { StackError } from "./stack-error.ts";
import type { StackSettings } from "./state.ts";

/** A running stack with fault injection for tests. Each promise resolves when the fault has taken effect. */
export interface Stack {
  directory: string;
  /** The shop's settings; `environmentFile` holds the same as dotenv. */
  environment: StackEnvironment;
  environmentFile: string;
  /** Crashes a server (SIGKILL). */
  kill(name: ServerName): Promise<void>;
  /** Freezes a server (SIGSTOP): connections stay open without responses. */
  pause(name: ServerName): Promise<void>;
  /** Resumes a frozen server (SIGCONT). */
  resume(name: ServerName): Promise<void>;
  /** Stops a server gracefully. */
  shutDown(name: ServerName): Promise<void>;
  /** Starts a stopped server on its port and data; resolves when it serves clients. */
  start(name: ServerName): Promise<void>;
  /** `shutDown`, then `start`. */
  restart(name: ServerName): Promise<void>;
  /** Stops a replica's SQL thread: it serves reads with growing lag. */
  stopApplying(name: ReplicaName): Promise<void>;
  startApplying(name: ReplicaName): Promise<void>;
  /** Makes the primary read-only, as during a switchover; a restart resets it. */
  setReadOnly(readOnly: boolean): Promise<void>;
  /** Closes all client connections of RabbitMQ, `times` times at this interval. */
  closeConnections(times: number, everyMs: number): Promise<void>;
  /** Raises RabbitMQ's disk alarm, which blocks publishers; resolves with a function that clears it. */
  raiseDiskAlarm(): Promise<() => Promise<void>>;
  /**
   * Deletes RabbitMQ's queues with consumers and this name suffix.
   *
   * @returns their names
   */
  deleteQueues(ending: string): Promise<string[]>;
}

export function stackControls(programs: Programs, settings: StackSettings): Stack {
  const { directory } = settings;
  const servers = serversOf(settings);
  const running = (name: ServerName): ServerProcess => {
    const found = runningProcess(directory, name);
    if (found === undefined) throw new StackError(`${name} is not running`);
    return found;
  };
  const never = new AbortController().signal;
  const start = async (name: ServerName) => {
    // Otherwise RabbitMQ would start its own port mapper, unknown to the stack.
    if (name === "rabbitmq") await startServer(servers.epmd, programs, settings, never);
    await startServer(servers[name], programs, settings, never);
  };
  const runRabbitmqctl = (...args: string[]) => rabbitmqctl(programs, settings, ...args);
  const shutDown = async (name: ServerName) => {
    await endServers(directory, [name]);
  };

  return {
    directory,
    environment: stackEnvironment(settings),
    environmentFile: inside(directory).environment,
    kill: async (name) => {
      const server = running(name);
      signal(server, "SIGKILL");
      if (!(await exitsWithin(server, 10_000)))
        throw new StackError(`${name} (pid ${server.pid}) survived SIGKILL`);
    },
    pause: async (name) => {
      const server = running(name);
      signal(server, "SIGSTOP");
      await waitUntilPaused(server, true);
    },
    resume: async (name) => {
      const server = running(name);
      signal(server, "SIGCONT");
      await waitUntilPaused(server, false);
    },
    shutDown,
    start,
    restart: async (name) => {
      await shutDown(name);
      await start(name);
    },
    stopApplying: (name) => setApplying(name, false, settings),
    startApplying: (name) => setApplying(name, true, settings),
    setReadOnly: (readOnly) =>
      asAdmin("primary", settings, (connection) =>
        execute(connection, `SET GLOBAL read_only = ${readOnly ? 1 : 0}`),
      ),
    closeConnections: async (times, everyMs) => {
      // One Erlang process per close, so that an unresponsive client does not delay the others.
      const close =
        'spawn(fun() -> catch rabbit_networking:close_connection(Pid, "closed by an operator") end)';
      const round = `[${close} || Pid <- rabbit_networking:connections()], timer:sleep(${everyMs})`;
      await runRabbitmqctl("eval", `lists:foreach(fun(_) -> ${round} end, lists:seq(1, ${times})).`);
    },
    raiseDiskAlarm: async () => {
      const limit = (await runRabbitmqctl("eval", "rabbit_disk_monitor:get_disk_free_limit().")).trim();
      await runRabbitmqctl("set_disk_free_limit", String(Number.MAX_SAFE_INTEGER));
      return async () => {
        await runRabbitmqctl("set_disk_free_limit", limit);
      };
    },
    deleteQueues: async (ending) => {
      const listed = await runRabbitmqctl("--no-table-headers", "list_queues", "name", "consumers");
      const queues = listed.split("\n").map((line) => line.split("\t"));
      const names = queues.flatMap(([name = "", consumers]) =>
        name.endsWith(ending) && Number(consumers) > 0 ? [name] : [],
      );
      // The command-line tool takes over a second per queue.
      const connection = await connect(amqpUrl(settings));
      try {
        const channel = await connection.createChannel();
        for (const name of names) await channel.deleteQueue(name);
      } finally {
        await connection.close();
      }
      return names;
    },
  };
}

async function waitUntilPaused(server: ServerProcess, paused: boolean): Promise<void> {
  while (observe(server.pid)?.paused === !paused) await sleep(5);
}
