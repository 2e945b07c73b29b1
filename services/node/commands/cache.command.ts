import { askNodes, knownNodes } from "../registry.ts";
import type { ShopCommand } from "./command.ts";
import { type Cell, table } from "./table.ts";

const headings = ["node", "own", "shared", "loaded", "not loaded %"];

export const cache: ShopCommand = {
  usage: "cache",
  summary: "Where each node's answers to public questions came from",
  async run({ broker }) {
    const nodes = knownNodes(broker).filter(({ available }) => available);
    const asked = await askNodes(broker, nodes, "operations.cache", {});
    const rows = asked.flatMap(({ node, answer }): Cell[][] => {
      if (!answer) return [[node.id, "does not answer", null, null, null]];
      const { own, shared, loaded } = answer;
      const all = own + shared + loaded;
      return all === 0 ? [] : [[node.id, own, shared, loaded, Math.round((100 * (own + shared)) / all)]];
    });
    return rows.length > 0 ? table(headings, rows) : "no node has answered a public question yet";
  },
};
