import { installedServiceNames } from "../../config/index.ts";
import {
  emptyDirectory,
  exists,
  inside,
  isStackDirectory,
  removeEmptyDirectory,
  stackDirectory,
} from "./directory.ts";
import { writeEnvironment } from "./environment.ts";
import { stackControls, type Stack } from "./faults.ts";
import { withLock } from "./lock.ts";
import { ensurePrograms } from "./packages.ts";
import { choosePorts, portNames } from "./ports.ts";
import { endStrayProcesses } from "./processes.ts";
import { startServer, endServers, recordedProcesses, runningProcess, serversOf } from "./run-servers.ts";
import { databaseNames, makeAccounts, makeDataFolders } from "./servers/database.ts";
import type { Programs } from "./servers/database-dialect.ts";
import { replicate } from "./servers/replication.ts";
import { portsOf, serverNames, type ServerName } from "./servers/server.ts";
import { StackError } from "./stack-error.ts";
import {
  addServicePasswords,
  newState,
  readState,
  settingsOf,
  writeState,
  type Profile,
  type StackSettings,
  type StackState,
} from "./state.ts";

export interface StartOptions {
  /** Data directory; see `stackDirectory`. */
  directory?: string | undefined;
  /**
   * For tests: commits survive a crashed process but not a power cut; less memory. Lasts until the databases
   * stop.
   */
  fast?: boolean | undefined;
  /** A second listen address, for nodes on other machines; remembered for later starts. */
  listen?: string | undefined;
  /** Whether to run the replicas; default true. */
  replicas?: boolean | undefined;
  /** Install missing servers without asking. */
  yes?: boolean | undefined;
  log?: ((line: string) => void) | undefined;
  /** Aborts the start and stops what it has started. */
  signal?: AbortSignal | undefined;
}

export interface StopOptions {
  directory?: string | undefined;
  /** Also remove the directory with all data. */
  purge?: boolean | undefined;
  log?: ((line: string) => void) | undefined;
}

const silent = () => undefined;

/**
 * Starts RabbitMQ, Redis, a primary database and two replicas as far as they are not running; resolves when
 * all serve and the replicas have caught up. Data, ports and passwords persist. Throws a `StackError` when
 * one fails to start; it then stops what it had started.
 */
export async function startStack(options: StartOptions = {}): Promise<Stack> {
  const log = options.log ?? silent;
  return withLock(stackDirectory(options.directory), { log, signal: options.signal }, async (directory) => {
    const programs = await ensurePrograms({
      yes: options.yes ?? false,
      logFile: inside(directory).log("install"),
      log,
    });
    const strays = await endStrayProcesses(directory, recordedProcesses(directory));
    if (strays > 0) log(`Ended ${strays} stray process(es) of an interrupted command`);
    const settings = await resolveSettings(directory, options, programs, log);
    await startServers(programs, settings, options);
    await writeEnvironment(settings);
    return stackControls(programs, settings);
  });
}

/** The remembered state, or a new one, with usable ports. */
async function resolveSettings(
  directory: string,
  { fast, listen }: StartOptions,
  programs: Programs,
  log: (line: string) => void,
): Promise<StackSettings> {
  const wanted: Profile = fast ? "fast" : "durable";
  const remembered = await readState(directory);
  if (remembered === undefined && (await exists(inside(directory).home("primary")))) {
    throw new StackError(
      `${inside(directory).state} is gone, and with it the passwords of the data beside it: start anew with \`stack down --purge\``,
    );
  }
  const state: StackState = remembered ?? newState(wanted, programs.dialect.name);
  if (state.engine !== programs.dialect.name) {
    throw new StackError(
      `The data in ${directory} is ${state.engine}'s, but ${programs.dialect.name} is what is installed: start anew with \`stack down --purge\``,
    );
  }
  const running = (name: ServerName) => runningProcess(directory, name) !== undefined;
  if (!databaseNames.some(running)) state.profile = wanted;
  else if (state.profile !== wanted)
    log(`The databases are running with the ${state.profile} profile and keep it until \`stack down\``);

  if (listen !== undefined) state.listen = listen;
  const before = { ...state.ports };
  state.ports = await choosePorts(
    state.ports,
    serverNames.filter((name) => !running(name)).flatMap((name) => [...portsOf[name]]),
  );
  for (const name of portNames) {
    if (before[name] !== undefined && before[name] !== state.ports[name])
      log(
        `Port ${before[name]} (${name}) is used by another program: using ${state.ports[name]} from now on`,
      );
  }
  addServicePasswords(state, installedServiceNames());
  await writeState(directory, state);
  const settings = settingsOf(directory, state);
  if (settings === undefined) throw new Error("choosePorts left a port out");
  return settings;
}

async function startServers(
  programs: Programs,
  settings: StackSettings,
  { replicas = true, log = silent, signal }: StartOptions,
): Promise<void> {
  const servers = serversOf(settings);
  const started: ServerName[] = [];
  const giveUp = new AbortController();
  const aborted = signal === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, signal]);
  const up = (name: ServerName) =>
    startServer(servers[name], programs, settings, aborted, () => {
      log(`Starting ${name} on port ${servers[name].port}`);
      started.push(name);
    });
  const messaging = async () => {
    await up("epmd");
    await up("rabbitmq");
  };
  const databases = async () => {
    await makeDataFolders(programs, settings);
    await Promise.all((replicas ? databaseNames : (["primary"] as const)).map(up));
    await makeAccounts(settings);
    if (replicas) await replicate(settings, aborted);
  };

  let failure: unknown;
  const unlessAborted = (part: Promise<void>) =>
    part.catch((error: unknown) => {
      failure ??= error;
      giveUp.abort();
    });
  await Promise.all([messaging(), up("redis"), databases()].map(unlessAborted));
  if (failure === undefined) return;
  if (started.length > 0) log(`Stopping again: ${started.join(", ")}`);
  await endServers(settings.directory, started);
  throw failure;
}

/**
 * Stops every server gracefully and resolves when all processes have ended; `purge` also removes the
 * directory. A no-op without a stack. Throws for a directory that a stack did not create.
 */
export async function stopStack(options: StopOptions = {}): Promise<void> {
  const log = options.log ?? silent;
  const given = stackDirectory(options.directory);
  if (!(await exists(given))) return;
  if (!(await isStackDirectory(given)))
    throw new StackError(`${given} was not made by a stack: it is left alone`);
  const directory = await withLock(given, { log }, async (claimed) => {
    const killed = await endServers(claimed, serverNames);
    for (const name of killed) log(`${name} did not stop in time and was killed`);
    await endStrayProcesses(claimed, []);
    if (options.purge) await emptyDirectory(claimed);
    return claimed;
  });
  if (options.purge) await removeEmptyDirectory(directory);
}
