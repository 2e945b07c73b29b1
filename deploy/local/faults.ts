import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "./directory.ts";
import { stackEnvironment, type StackEnvironment } from "./environment.ts";
import type { Programs } from "./packages.ts";
import { goneWithin, observe, signal, type ServerProcess } from "./processes.ts";
import { bringUp, endServers, runningProcess, serversOf } from "./run-servers.ts";
import { asAdmin, execute } from "./servers/database.ts";
import { setApplying } from "./servers/replication.ts";
import type { ReplicaName, ServerName } from "./servers/server.ts";
import { StackError } from "./stack-error.ts";
import type { StackSettings } from "./state.ts";

/** A running stack, and what tests do to it. Each promise resolves when the thing has really happened. */
export interface Stack {
  directory: string;
  /** What the shop reads; `environmentFile` holds the same as dotenv. */
  environment: StackEnvironment;
  environmentFile: string;
  /** Kills a server (SIGKILL), as a crash would. */
  kill(name: ServerName): Promise<void>;
  /** Freezes a server (SIGSTOP): its connections stay open and nothing answers. */
  pause(name: ServerName): Promise<void>;
  /** Lets a frozen server go on (SIGCONT). */
  resume(name: ServerName): Promise<void>;
  /** Stops a server in good order. */
  shutDown(name: ServerName): Promise<void>;
  /** Starts a server that was killed or shut down, on its port and data; resolves when it serves clients. */
  start(name: ServerName): Promise<void>;
  /** `shutDown`, then `start`. */
  restart(name: ServerName): Promise<void>;
  /** Stops a replica's SQL thread: it goes on to answer reads, ever further behind the primary. */
  stopApplying(name: ReplicaName): Promise<void>;
  startApplying(name: ReplicaName): Promise<void>;
  /** Makes the primary refuse every change, as one does that is about to be replaced; a new start ends it too. */
  setReadOnly(readOnly: boolean): Promise<void>;
}

export function controlsOf(programs: Programs, settings: StackSettings): Stack {
  const { directory } = settings;
  const servers = serversOf(settings);
  const running = (name: ServerName): ServerProcess => {
    const found = runningProcess(directory, name);
    if (found === undefined) throw new StackError(`${name} is not running`);
    return found;
  };
  const never = new AbortController().signal;
  const start = async (name: ServerName) => {
    // Without its port mapper RabbitMQ would start another one, behind the stack's back.
    if (name === "rabbitmq") await bringUp(servers.epmd, programs, settings, never);
    await bringUp(servers[name], programs, settings, never);
  };
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
      if (!(await goneWithin(server, 10_000))) throw new StackError(`${name} (pid ${server.pid}) survived SIGKILL`);
    },
    pause: async (name) => {
      const server = running(name);
      signal(server, "SIGSTOP");
      await untilPaused(server, true);
    },
    resume: async (name) => {
      const server = running(name);
      signal(server, "SIGCONT");
      await untilPaused(server, false);
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
      asAdmin("primary", settings, (connection) => execute(connection, `SET GLOBAL read_only = ${readOnly ? 1 : 0}`)),
  };
}

async function untilPaused(server: ServerProcess, paused: boolean): Promise<void> {
  while (observe(server.pid)?.paused === !paused) await sleep(5);
}
