import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceBroker } from "moleculer";
import type { EnvSource } from "../../../config/env.ts";
import type { Config } from "../../../config/index.ts";
import { environmentWith, loadConfig, serviceNames } from "../../../config/index.ts";
import { createNode } from "../../../services/node/create-node.ts";
import { prepareShop } from "../../../services/node/first-start.ts";
import { migrateUp } from "../../../services/node/migrate.ts";
import { inside, stackDirectory } from "../directory.ts";
import type { Stack } from "../faults.ts";
import { startStack, stopStack, type StartOptions } from "../lifecycle.ts";
import { freePortsFrom, isFree } from "../ports.ts";
import { StackError } from "../stack-error.ts";
import { stackStatus } from "../status.ts";
import { becomeSupervisor } from "./claim.ts";
import { NodeProcess } from "./node-process.ts";
import type { NodeCounts, NodeKind, NodePlan } from "./plan.ts";
import { isGateway, nodeKinds, planNodes } from "./plan.ts";

export interface ClusterOptions extends StartOptions {
  /** How many nodes of each kind; `defaultCounts` for those that it leaves out, unless there are nodes that run all services. */
  counts?: Partial<NodeCounts> | undefined;
  /** The first gateway's port, by default 3000; the next ones count up. */
  port?: number | undefined;
  /** Settings of the shop for every node, besides those of the stack and of the caller's environment. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** Settings of one node, besides those of all. */
  settingsOf?: ((node: NodePlan) => Readonly<Record<string, string>>) | undefined;
}

/** A running cluster: servers, nodes and their supervisor, which is a node without services itself. */
export interface Cluster {
  readonly stack: Stack;
  readonly nodes: readonly NodeProcess[];
  /** Where the gateways listen, without a slash at the end. */
  readonly urls: readonly string[];
  /** Holds the administrator's first password, when the shop made one up. */
  readonly passwordFile: string | undefined;
  /** The supervisor's own node; its registry is the cluster as others see it. */
  readonly broker: ServiceBroker;
  /** Kills a node (SIGKILL), as a crash would; resolves when it is gone. It will be started again. */
  kill(name: string): Promise<void>;
  /** Starts one more node of each of these kinds; resolves when they are up, and gateways ready. */
  add(kinds: readonly NodeKind[]): Promise<void>;
  /** Stops gateways, then the other nodes, then the servers, unless these ran before or are to be kept. */
  stop(options?: { keepStack?: boolean }): Promise<void>;
}

/** The first node's internal port is so much higher than the first gateway's; the next free ones follow. */
const internalPortsAfter = 100;
const readyWithinMs = 60_000;
const lookEveryMs = 50;

/**
 * Brings up the stack, migrates, starts the nodes and prepares the shop; resolves when every gateway can serve.
 * Throws a `StackError` when something does not come up, or another supervisor is at work in the directory; then what
 * this call had started is stopped again.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { log = () => undefined, signal } = options;
  const plans = planNodes(options.counts ?? {}, options.port ?? 3000);
  await demandFreePorts(plans);
  const started = new AsyncDisposableStack();
  try {
    started.defer(await becomeSupervisor(stackDirectory(options.directory), { log, signal }));
    let keepStack = await anyServerRuns(options.directory);
    const stack = await startStack(options);
    started.defer(async () => {
      if (keepStack) log("The servers go on: npm run stack -- down stops them");
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
      const internalPorts = await freePortsFrom((options.port ?? 3000) + internalPortsAfter + nodes.length, planned.length);
      const begun = planned.map((plan, index) => {
        const INTERNAL_PORT = String(internalPorts[index] ?? "");
        const logFile = join(inside(stack.directory).logs, "nodes", `${plan.name}.log`);
        return new NodeProcess(plan, { environment: nodeEnvironment(plan, { INTERNAL_PORT, ...settings, ...options.settingsOf?.(plan) }), logFile, log });
      });
      nodes.push(...begun);
      for (const node of begun) node.start();
      await untilUp(begun, signal);
    };
    await startNodes(plans);

    const running = new Set<string>(plans.flatMap(({ services }) => services));
    const passwordFile = running.has("users") && running.has("catalog") ? await prepare(broker, config) : undefined;
    const urls = urlsOf(plans);
    // What is left out here is to be started by hand, and until then no gateway is ready.
    if (serviceNames.every((name) => running.has(name))) await untilReady(urls, signal);

    const kill = async (name: string) => {
      const node = nodes.find(({ plan }) => plan.name === name);
      if (!node) throw new StackError(`There is no node ${name}`);
      await node.kill();
    };
    const add = async (kinds: readonly NodeKind[]) => {
      const all = planNodes(countsOf([...nodes.map(({ plan }) => plan.kind), ...kinds]), options.port ?? 3000);
      const more = all.filter(({ name }) => nodes.every(({ plan }) => plan.name !== name));
      await demandFreePorts(more);
      await startNodes(more);
      await untilReady(urlsOf(more), signal);
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

/** How many nodes of each kind these are. */
function countsOf(kinds: readonly NodeKind[]): NodeCounts {
  const count = (kind: NodeKind) => kinds.filter((each) => each === kind).length;
  return Object.fromEntries(nodeKinds.map((kind) => [kind, count(kind)])) as NodeCounts;
}

function urlsOf(plans: readonly NodePlan[]): string[] {
  return plans.flatMap(({ port }) => (port === undefined ? [] : [`http://127.0.0.1:${port}`]));
}

async function demandFreePorts(plans: readonly NodePlan[]): Promise<void> {
  for (const { name, port } of plans)
    if (port !== undefined && !(await isFree(port)))
      throw new StackError(`Port ${port}, where ${name} is to listen, is taken: choose others with --port`);
}

/** Servers that ran before are not this cluster's to stop. */
async function anyServerRuns(directory: string | undefined): Promise<boolean> {
  return (await stackStatus({ directory })).servers.some(({ condition }) => condition !== "down");
}

/** The supervisor tells by itself what happens to nodes, and keeps the shop's password beside its data. */
function supervisorEnvironment(directory: string, settings: EnvSource): EnvSource {
  const own = {
    SERVICES: "none",
    NODE_ID: "supervisor",
    DATA_DIR: directory,
    LOG_LEVEL: "fatal",
    LOG_FORMAT: "text",
    // Nobody asks it how it is.
    INTERNAL_PORT: undefined,
  };
  return environmentWith({ ...settings, ...own });
}

function nodeEnvironment({ name, services, port }: NodePlan, settings: EnvSource): EnvSource {
  const own = { SERVICES: services.join(","), NODE_ID: name, ...(port === undefined ? {} : { PORT: String(port) }) };
  // Gateways are for this machine, unless the caller says otherwise.
  return { HOST: "127.0.0.1", ...environmentWith({ ...settings, ...own }) };
}

async function prepare(broker: ServiceBroker, config: Config): Promise<string | undefined> {
  await broker.waitForServices(["users", "catalog"], readyWithinMs, lookEveryMs);
  return prepareShop(broker, config);
}

async function untilUp(nodes: readonly NodeProcess[], signal: AbortSignal | undefined): Promise<void> {
  while (nodes.some(({ state }) => state !== "up")) {
    const dead = nodes.find(({ state, restarts }) => state === "waiting" || restarts > 0);
    if (dead) throw new StackError(`${dead.plan.name} does not start; the end of its log:\n${dead.lastWords}`);
    signal?.throwIfAborted();
    await sleep(lookEveryMs);
  }
}

async function untilReady(urls: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + readyWithinMs;
  for (const url of urls) {
    const ready = () => fetch(`${url}/health/ready`).then(({ ok }) => ok);
    while (!(await ready().catch(() => false))) {
      if (Date.now() > deadline) throw new StackError(`${url}/health/ready does not become 200`);
      signal?.throwIfAborted();
      await sleep(lookEveryMs);
    }
  }
}

/** Gateways first: they answer what they have accepted, for which they need the others. */
async function stopInOrder(nodes: readonly NodeProcess[], log: (line: string) => void): Promise<void> {
  log("Stopping the nodes");
  await Promise.all(nodes.filter(({ plan }) => isGateway(plan)).map((node) => node.stop()));
  await Promise.all(nodes.filter(({ plan }) => !isGateway(plan)).map((node) => node.stop()));
}
