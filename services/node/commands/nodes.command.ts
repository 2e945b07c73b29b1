import { askNodes, knownNodes } from "../registry.ts";
import type { ShopCommand } from "./command.ts";
import { table } from "./table.ts";

const headings = ["node", "services", "state", "pid", "up since", "CPU s", "memory MB", "requests"];

export const nodes: ShopCommand = {
  usage: "nodes",
  summary: "The nodes of the cluster and what each has done",
  async run({ broker }) {
    const asked = await askNodes(broker, knownNodes(broker), "operations.node", {});
    const rows = asked.map(({ node, answer }) => [
      node.id,
      node.services.join(", ") || null,
      node.available ? (answer ? "up" : "does not answer") : "gone",
      answer?.pid ?? null,
      answer?.startedAt ?? null,
      answer ? Math.round(answer.cpuSeconds) : null,
      answer ? Math.round(answer.memoryBytes / 1e6) : null,
      answer?.requests ?? null,
    ]);
    return table(headings, rows);
  },
};
