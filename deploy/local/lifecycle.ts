import { emptyDirectory, exists, inside, isStackDirectory, removeEmptyDirectory, stackDirectory } from "./directory.ts";
import { writeEnvironment } from "./environment.ts";
import { controlsOf, type Stack } from "./faults.ts";
import { withLock } from "./lock.ts";
import { ensurePrograms, type Programs } from "./packages.ts";
import { choosePorts, portNames } from "./ports.ts";
import { endStrays } from "./processes.ts";
import { bringUp, endServers, recordedProcesses, runningProcess, serversOf } from "./run-servers.ts";
import { databaseNames, makeAccounts, makeDataFolders } from "./servers/database.ts";
import { replicate } from "./servers/replication.ts";
import { portsOf, serverNames, type ServerName } from "./servers/server.ts";
import { StackError } from "./stack-error.ts";
import { newState, readState, settingsOf, writeState, type Profile, type StackSettings, type StackState } from "./state.ts";

export interface StartOptions {
  /** Where the stack keeps everything; see `stackDirectory`. */
  directory?: string | undefined;
  /** For tests: commits survive a killed process, not a power cut; less memory. Holds until the databases are stopped. */
  fast?: boolean | undefined;
  /** An address of this machine on which the servers listen too, for nodes on others; kept for the next starts. */
  listen?: string | undefined;
  /** Whether the replicas are to run too, which they do unless it says otherwise. */
  replicas?: boolean | undefined;
  /** Install missing servers without asking. */
  yes?: boolean | undefined;
  log?: ((line: string) => void) | undefined;
  /** Aborting it ends what this call has started. */
  signal?: AbortSignal | undefined;
}

export interface StopOptions {
  directory?: string | undefined;
  /** Remove the directory with all data too. */
  purge?: boolean | undefined;
  log?: ((line: string) => void) | undefined;
}

const silent = () => undefined;

/**
 * Starts what is not running of RabbitMQ, Redis, a primary database and two replicas, and returns when all of them serve
 * and both replicas have applied everything that the primary has. Data, ports and passwords are those of the last time.
 * Throws a `StackError` when one does not come up; then what this call had started is stopped again.
 */
export async function startStack(options: StartOptions = {}): Promise<Stack> {
  const log = options.log ?? silent;
  return withLock(stackDirectory(options.directory), { log, signal: options.signal }, async (directory) => {
    const programs = await ensurePrograms({ yes: options.yes ?? false, logFile: inside(directory).log("install"), log });
    const strays = await endStrays(directory, recordedProcesses(directory));
    if (strays > 0) log(`Ended ${strays} process(es) that an interrupted command had left`);
    const settings = await settle(directory, options, programs, log);
    await bringAllUp(programs, settings, options);
    await writeEnvironment(settings);
    return controlsOf(programs, settings);
  });
}

/** The remembered state, or a new one, with ports that can be listened on. */
async function settle(directory: string, { fast, listen }: StartOptions, programs: Programs, log: (line: string) => void): Promise<StackSettings> {
  const wanted: Profile = fast ? "fast" : "durable";
  const remembered = await readState(directory);
  if (remembered === undefined && (await exists(inside(directory).home("primary")))) {
    throw new StackError(`${inside(directory).state} is gone, and with it the passwords of the data beside it: start anew with \`stack down --purge\``);
  }
  const state: StackState = remembered ?? newState(wanted, programs.dialect.name);
  if (state.engine !== programs.dialect.name) {
    throw new StackError(`The data in ${directory} is ${state.engine}'s, but ${programs.dialect.name} is what is installed: start anew with \`stack down --purge\``);
  }
  const running = (name: ServerName) => runningProcess(directory, name) !== undefined;
  if (!databaseNames.some(running)) state.profile = wanted;
  else if (state.profile !== wanted) log(`The databases are running with the ${state.profile} profile and stay so until \`stack down\``);

  if (listen !== undefined) state.listen = listen;
  const before = { ...state.ports };
  state.ports = await choosePorts(state.ports, serverNames.filter((name) => !running(name)).flatMap((name) => [...portsOf[name]]));
  for (const name of portNames) {
    if (before[name] !== undefined && before[name] !== state.ports[name]) log(`Port ${before[name]} (${name}) is taken by another program: it is ${state.ports[name]} from now on`);
  }
  await writeState(directory, state);
  const settings = settingsOf(directory, state);
  if (settings === undefined) throw new Error("choosePorts left a port out");
  return settings;
}

async function bringAllUp(programs: Programs, settings: StackSettings, { replicas = true, log = silent, signal }: StartOptions): Promise<void> {
  const servers = serversOf(settings);
  const started: ServerName[] = [];
  const giveUp = new AbortController();
  const aborted = signal === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, signal]);
  const up = (name: ServerName) => bringUp(servers[name], programs, settings, aborted, () => {
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
  const orGiveUp = (part: Promise<void>) => part.catch((error: unknown) => {
    failure ??= error;
    giveUp.abort();
  });
  await Promise.all([messaging(), up("redis"), databases()].map(orGiveUp));
  if (failure === undefined) return;
  if (started.length > 0) log(`Stopping again: ${started.join(", ")}`);
  await endServers(settings.directory, started);
  throw failure;
}

/**
 * Stops every server of the stack in good order and returns when no process is left; with `purge` it removes the directory too.
 * Does nothing when there is no stack. Throws when the directory was not made by a stack.
 */
export async function stopStack(options: StopOptions = {}): Promise<void> {
  const log = options.log ?? silent;
  const given = stackDirectory(options.directory);
  if (!(await exists(given))) return;
  if (!(await isStackDirectory(given))) throw new StackError(`${given} was not made by a stack: it is left alone`);
  const directory = await withLock(given, { log }, async (claimed) => {
    const killed = await endServers(claimed, serverNames);
    for (const name of killed) log(`${name} did not end when asked to and was killed`);
    await endStrays(claimed, []);
    if (options.purge) await emptyDirectory(claimed);
    return claimed;
  });
  if (options.purge) await removeEmptyDirectory(directory);
}
