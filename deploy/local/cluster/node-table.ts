import type { Result } from "../../../mixins/contract/calls.ts";
import type { Cell } from "../../../services/operations/console/table.ts";
import { table } from "../../../services/operations/console/table.ts";
import { queryNodes, knownNodes } from "../../../services/operations/console/known-nodes.ts";
import type { Cluster } from "./start-cluster.ts";

/** A node's statistics with their time in milliseconds. */
interface Sample {
  readonly at: number;
  readonly node: Result<"operations.node">;
}

const headings = ["node", "services", "state", "pid", "restarts", "CPU %", "memory MB", "requests/s"];

/** The cluster's own and foreign nodes, with their activity since the last reading. */
export class NodeTable {
  readonly #cluster: Pick<Cluster, "broker" | "nodes">;
  #samples = new Map<string, Sample>();

  constructor(cluster: Pick<Cluster, "broker" | "nodes">) {
    this.#cluster = cluster;
  }

  async read(): Promise<string> {
    const { broker, nodes } = this.#cluster;
    const known = knownNodes(broker).filter(({ id, available }) => available && id !== broker.nodeID);
    const before = this.#samples;
    const responses = await queryNodes(broker, known, "operations.node", {});
    const at = performance.now();
    this.#samples = new Map(
      responses.flatMap(({ node, answer }) => (answer ? [[node.id, { at, node: answer }]] : [])),
    );
    const usage = (id: string) => usageBetween(before.get(id), this.#samples.get(id));

    const own = nodes.map(({ plan: { name, kind }, state, pid, restarts }) => {
      const silent = state === "up" && !this.#samples.has(name);
      return [name, kind, silent ? "no answer" : state, pid ?? null, restarts, ...usage(name)];
    });
    const ownNames = new Set(nodes.map(({ plan }) => plan.name));
    const joined = known
      .filter(({ id }) => !ownNames.has(id))
      .map(({ id, services }) => {
        const pid = this.#samples.get(id)?.node.pid ?? null;
        return [id, services.join(", ") || "(operator)", "joined", pid, null, ...usage(id)];
      });
    return table(headings, [...own, ...joined]);
  }
}

/** Share of a CPU, megabytes, requests per second; null when unknown. */
function usageBetween(before: Sample | undefined, now: Sample | undefined): Cell[] {
  if (!now) return [null, null, null];
  const memory = Math.round(now.node.memoryBytes / 1e6);
  if (before?.node.pid !== now.node.pid) return [null, memory, null];
  const seconds = (now.at - before.at) / 1000;
  const perSecond = (amount: number) => Math.round(amount / seconds);
  const cpu = perSecond(100 * (now.node.cpuSeconds - before.node.cpuSeconds));
  return [cpu, memory, perSecond(now.node.requests - before.node.requests)];
}
