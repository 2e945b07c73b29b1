import { queryNodes, knownNodes } from "./known-nodes.ts";
import type { ShopCommand } from "./command.ts";
import { table } from "./table.ts";

const headings = ["node", "service", "replica", "state", "lag ms", "reads"];

export const replicas: ShopCommand = {
  usage: "replicas",
  summary: "The database replicas as each node sees them",
  async run({ broker }) {
    const nodes = knownNodes(broker).filter(({ available }) => available);
    const responses = await queryNodes(broker, nodes, "operations.replicas", {});
    const rows = responses.flatMap(({ node, answer }) => {
      if (!answer) return [[node.id, null, null, "no response", null, null]];
      return answer.replicas.map(({ service, replica, good, lagMs, reads }) => [
        node.id,
        service,
        replica,
        good ? "read from" : "left out",
        lagMs,
        reads,
      ]);
    });
    return rows.length > 0 ? table(headings, rows) : "no node reads from replicas";
  },
};
