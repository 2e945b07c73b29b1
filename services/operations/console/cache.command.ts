import { queryNodes, knownNodes } from "./known-nodes.ts";
import type { ShopCommand } from "./command.ts";
import { type Cell, table } from "./table.ts";

const headings = ["node", "own", "shared", "loaded", "not loaded %"];

export const cache: ShopCommand = {
  usage: "cache",
  summary: "Hits and misses of each node's action cache",
  async run({ broker }) {
    const nodes = knownNodes(broker).filter(({ available }) => available);
    const responses = await queryNodes(broker, nodes, "operations.cache", {});
    const rows = responses.flatMap(({ node, answer }): Cell[][] => {
      if (!answer) return [[node.id, "no response", null, null, null]];
      const { own, shared, loaded } = answer;
      const all = own + shared + loaded;
      return all === 0 ? [] : [[node.id, own, shared, loaded, Math.round((100 * (own + shared)) / all)]];
    });
    return rows.length > 0 ? table(headings, rows) : "no node has used its action cache yet";
  },
};
