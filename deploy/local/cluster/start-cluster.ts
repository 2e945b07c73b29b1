import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { EnvSource } from "../../../config/env.ts";
import type { Config } from "../../../config/index.ts";
import { environmentWith, loadConfig } from "../../../config/index.ts";
import { createNode } from "../../../services/node/create-node.ts";
import { preparingServices, prepareShop } from "../../../services/node/first-start.ts";
import { migrateUp } from "../../../services/operations/migrate.ts";
import { inside, stackDirectory } from "../directory.ts";
import type { Stack } from "../faults.ts";
import { startStack, stopStack, type StartOptions } from "../lifecycle.ts";
import { freePortsFrom, isEphemeralPort, isFree } from "../ports.ts";
import { StackError } from "../stack-error.ts";
import { stackStatus } from "../status.ts";
import { claimSupervision } from "./claim.ts";
import { NodeProcess } from "./node-process.ts";
import type { NodeCounts, NodeKind, NodePlan } from "./plan.ts";
import { isGateway, planNodes, serviceNames } from "./plan.ts";

export interface ClusterOptions extends StartOptions {
  /** Number of nodes of each kind; see `planNodes`. */
  counts?: Partial<NodeCounts> | undefined;
  /** The first gateway's port, by default 3000; the next ones count up. */
  port?: number | undefined;
  /** Settings of all nodes, in addition to the stack's and the caller's environment. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** Settings of one node, in addition to those of all. */
  settingsOf?: ((node: NodePlan) => Readonly<Record<string, string>>) | undefined;
}

/** A running cluster: servers, nodes and their supervisor, which is a node without services itself. */
export interface Cluster {
  readonly stack: Stack;
  readonly nodes: readonly NodeProcess[];
  /** Base URLs of the gateways, without a trailing slash. */
  readonly urls: readonly string[];
  /** File with the administrator's first password, if the shop generated one. */
  readonly passwordFile: string | undefined;
  /** The supervisor's own node; its registry is that of any other node. */
  readonly broker: ServiceBroker;
  /** Crashes a node (SIGKILL); resolves after its exit. It will be restarted. */
  kill(name: string): Promise<void>;
  /** Starts one more node of each kind; resolves when they are up, and gateways ready. */
  add(kinds: readonly NodeKind[]): Promise<void>;
  /** Stops gateways, then other nodes, then servers, unless these ran before or are to be kept. */
  stop(options?: { keepStack?: boolean }): Promise<void>;
}

/** Offset of the first node's internal port from the first gateway's port; the next free ones follow. */
const internalPortsAfter = 100;
const readyWithinMs = 60_000;
const pollIntervalMs = 50;

/**
 * Starts the stack, migrates, starts the nodes and prepares the shop; resolves when every gateway is ready.
 * Throws a `StackError` when a part fails to start, or another supervisor uses the directory; it then stops
 * what it had started.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { log = () => undefined, signal } = options;
  const plans = planNodes(options.counts ?? {}, options.port ?? 3000);
  await assertPortsFree(plans);
  const started = new AsyncDisposableStack();
  try {
    started.defer(await claimSupervision(stackDirectory(options.directory), { log, signal }));
    let keepStack = await anyServerRuns(options.directory);
    const stack = await startStack(options);
    started.defer(async () => {
      if (keepStack) log("The servers keep running: npm run stack -- down stops them");
      else await stopStack({ directory: stack.directory, log });
    });

    const settings = { ...stack.environment, ...options.settings };
    const config = loadConfig(supervisorEnvironment(stack.directory, settings));
    await migrateUp(config, log);
    const broker = await createNode(config);
    await broker.start();
    started.defer(() => broker.stop());

    const nodes: NodeProcess[] = [];
    started.defer(() => stopInOrder(nodes, log));
    const startNodes = async (planned: readonly NodePlan[]) => {
      const internalPorts = await freePortsFrom(
        (options.port ?? 3000) + internalPortsAfter + nodes.length,
        planned.length,
      );
      const added = planned.map((plan, index) => {
        const INTERNAL_PORT = String(internalPorts[index] ?? "");
        const logFile = join(inside(stack.directory).logs, "nodes", `${plan.name}.log`);
        return new NodeProcess(plan, {
          environment: nodeEnvironment(plan, { INTERNAL_PORT, ...settings, ...options.settingsOf?.(plan) }),
          logFile,
          log,
        });
      });
      nodes.push(...added);
      for (const node of added) node.start();
      await waitUntilUp(added, signal);
    };
    await startNodes(plans);

    const running = new Set<string>(plans.flatMap(({ services }) => services));
    const passwordFile = preparingServices(config).every((name) => running.has(name))
      ? await prepare(broker, config)
      : undefined;
    const urls = urlsOf(plans);
    // Services without a node here are started by hand; no gateway is ready before.
    if (serviceNames.every((name) => running.has(name))) await waitUntilReady(urls, signal);

    const kill = async (name: string) => {
      const node = nodes.find(({ plan }) => plan.name === name);
      if (!node) throw new StackError(`Unknown node ${name}`);
      await node.kill();
    };
    const add = async (kinds: readonly NodeKind[]) => {
      const running = countsOf([...nodes.map(({ plan }) => plan.kind), ...kinds]);
      const all = planNodes({ ...options.counts, ...running }, options.port ?? 3000);
      const more = all.filter(({ name }) => nodes.every(({ plan }) => plan.name !== name));
      await assertPortsFree(more);
      await startNodes(more);
      await waitUntilReady(urlsOf(more), signal);
      urls.push(...urlsOf(more));
    };
    const stop = async (how: { keepStack?: boolean } = {}) => {
      keepStack ||= how.keepStack ?? false;
      await started.disposeAsync();
    };
    return { stack, nodes, urls, passwordFile, broker, kill, add, stop };
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
}

/** Number of nodes of each of these kinds. */
function countsOf(kinds: readonly NodeKind[]): NodeCounts {
  const count = (kind: NodeKind) => kinds.filter((each) => each === kind).length;
  return Object.fromEntries(kinds.map((kind) => [kind, count(kind)]));
}

function urlsOf(plans: readonly NodePlan[]): string[] {
  return plans.flatMap(({ port }) => (port === undefined ? [] : [`http://127.0.0.1:${port}`]));
}

async function assertPortsFree(plans: readonly NodePlan[]): Promise<void> {
  for (const { name, port } of plans)
    if (port !== undefined && !(await isFree(port)))
      throw new StackError(`Port ${port} of ${name} is in use: choose others with --port`);
}

/** Servers that ran before are kept running. */
async function anyServerRuns(directory: string | undefined): Promise<boolean> {
  return (await stackStatus({ directory })).servers.some(({ condition }) => condition !== "down");
}

/** The supervisor logs node events itself, and keeps the shop's password beside its data. */
function supervisorEnvironment(directory: string, settings: EnvSource): EnvSource {
  const own = {
    SERVICES: "none",
    NODE_ID: "supervisor",
    DATA_DIR: directory,
    LOG_LEVEL: "fatal",
    LOG_FORMAT: "text",
    // The supervisor needs no internal port.
    INTERNAL_PORT: undefined,
  };
  return environmentWith({ ...settings, ...own });
}

function nodeEnvironment({ name, services, port }: NodePlan, settings: EnvSource): EnvSource {
  const own = {
    SERVICES: services.join(","),
    NODE_ID: name,
    ...(port === undefined ? {} : { PORT: String(port) }),
  };
  // Gateways listen locally unless the caller says otherwise.
  return { HOST: "127.0.0.1", ...environmentWith({ ...settings, ...own }) };
}

async function prepare(broker: ServiceBroker, config: Config): Promise<string | undefined> {
  await broker.waitForServices(preparingServices(config), readyWithinMs, pollIntervalMs);
  return prepareShop(broker, config);
}

async function waitUntilUp(nodes: readonly NodeProcess[], signal: AbortSignal | undefined): Promise<void> {
  while (nodes.some(({ state }) => state !== "up")) {
    const dead = nodes.find(({ state, restarts }) => state === "waiting" || restarts > 0);
    if (dead)
      throw new StackError(
        `${dead.plan.name} does not start${portHint(dead)}; the end of its log:\n${dead.logTail}`,
      );
    signal?.throwIfAborted();
    await sleep(pollIntervalMs);
  }
}

/** Advice about a port taken since it was chosen. */
function portHint({ plan: { port }, logTail }: NodeProcess): string {
  if (port === undefined || !logTail.includes("EADDRINUSE")) return "";
  const why = isEphemeralPort(port)
    ? ", for an outgoing connection has its port: ports from 32768 on are given to those"
    : ", for its port is taken";
  return `${why}. Choose others with --port`;
}

async function waitUntilReady(urls: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (const url of urls) {
    const ready = () => fetch(`${url}/health/ready`).then(({ ok }) => ok);
    while (!(await ready().catch(() => false))) {
      if (Date.now() > deadline) throw new StackError(`${url}/health/ready does not become 200`);
      signal?.throwIfAborted();
      await sleep(pollIntervalMs);
    }
  }
}

/** Gateways first: their accepted requests need the other nodes. */
async function stopInOrder(nodes: readonly NodeProcess[], log: (line: string) => void): Promise<void> {
  log("Stopping the nodes");
  await Promise.all(nodes.filter(({ plan }) => isGateway(plan)).map((node) => node.stop()));
  await Promise.all(nodes.filter(({ plan }) => !isGateway(plan)).map((node) => node.stop()));
}
