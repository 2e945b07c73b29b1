import { setTimeout as sleep } from "node:timers/promises";
import { inside } from "./directory.ts";
import type { Programs } from "./servers/database-dialect.ts";
import {
  isAlive,
  launch,
  observe,
  readPidFile,
  removePidFile,
  signal,
  tailOf,
  terminate,
  type ServerProcess,
} from "./processes.ts";
import { databaseServer } from "./servers/database.ts";
import { epmdServer, rabbitmqServer } from "./servers/rabbitmq.ts";
import { redisServer } from "./servers/redis.ts";
import { serverNames, type Server, type ServerName } from "./servers/server.ts";
import { StackError } from "./stack-error.ts";
import type { StackSettings } from "./state.ts";

/** All servers of a stack. */
export function serversOf(settings: StackSettings): Record<ServerName, Server> {
  return {
    epmd: epmdServer(settings),
    rabbitmq: rabbitmqServer(settings),
    redis: redisServer(settings),
    primary: databaseServer("primary", settings),
    "replica-1": databaseServer("replica-1", settings),
    "replica-2": databaseServer("replica-2", settings),
  };
}

/** The process of a server, if it is alive. */
export function runningProcess(directory: string, name: ServerName): ServerProcess | undefined {
  const recorded = readPidFile(inside(directory).pidFile(name));
  return isAlive(recorded) ? recorded : undefined;
}

/**
 * Starts a stopped server, resumes a frozen one, and resolves when it serves. Calls `onStart` if it had to be
 * started.
 */
export async function startServer(
  server: Server,
  programs: Programs,
  settings: StackSettings,
  aborted: AbortSignal,
  onStart: () => void = () => undefined,
): Promise<void> {
  const { directory } = settings;
  let serverProcess = runningProcess(directory, server.name);
  if (serverProcess === undefined) {
    await server.prepare(programs);
    aborted.throwIfAborted();
    onStart();
    serverProcess = launch(server.command(programs), {
      directory,
      pidFile: inside(directory).pidFile(server.name),
      logFile: inside(directory).log(server.name),
    });
  } else if (observe(serverProcess.pid)?.paused) {
    signal(serverProcess, "SIGCONT");
  }
  await waitUntilReady(server, serverProcess, inside(directory).log(server.name), aborted);
}

async function waitUntilReady(
  server: Server,
  serverProcess: ServerProcess,
  logFile: string,
  aborted: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + server.patienceMs;
  for (;;) {
    aborted.throwIfAborted();
    const reason = await server.check().then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (!isAlive(serverProcess))
      throw new StackError(
        `${server.name} died during its start; the end of ${logFile}:\n${tailOf(logFile)}`,
      );
    if (reason === undefined) return;
    if (Date.now() > deadline) {
      throw new StackError(
        `${server.name} runs (pid ${serverProcess.pid}) but does not serve: ${reason}; the end of ${logFile}:\n${tailOf(logFile)}`,
      );
    }
    await sleep(100);
  }
}

/**
 * Stops servers gracefully and in parallel, the port mapper last, which RabbitMQ needs. Returns those that
 * had to be killed.
 */
export async function endServers(directory: string, names: readonly ServerName[]): Promise<ServerName[]> {
  const killed: ServerName[] = [];
  const end = async (name: ServerName) => {
    const how = await terminate(runningProcess(directory, name), 60_000);
    if (how === "killed") killed.push(name);
    removePidFile(inside(directory).pidFile(name));
  };
  await Promise.all(names.filter((name) => name !== "epmd").map(end));
  if (names.includes("epmd")) await end("epmd");
  return killed;
}

/** The processes in the pid files, dead or alive. */
export function recordedProcesses(directory: string): ServerProcess[] {
  return serverNames
    .map((name) => readPidFile(inside(directory).pidFile(name)))
    .filter((recorded) => recorded !== undefined);
}
