import { queryNodes, knownNodes } from "./known-nodes.ts";
import type { ShopCommand } from "./command.ts";
import { table } from "./table.ts";

const headings = ["node", "services", "state", "pid", "up since", "CPU s", "memory MB", "requests"];

export const nodes: ShopCommand = {
  usage: "nodes",
  summary: "The nodes of the cluster and their work",
  async run({ broker }) {
    const responses = await queryNodes(broker, knownNodes(broker), "operations.node", {});
    const rows = responses.map(({ node, answer }) => [
      node.id,
      node.services.join(", ") || null,
      node.available ? (answer ? "up" : "no response") : "gone",
      answer?.pid ?? null,
      answer?.startedAt ?? null,
      answer ? Math.round(answer.cpuSeconds) : null,
      answer ? Math.round(answer.memoryBytes / 1e6) : null,
      answer?.requests ?? null,
    ]);
    return table(headings, rows);
  },
};
