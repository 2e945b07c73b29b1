import { ensureTool } from "../load/wrk.ts";
import { startNginxBefore, startNginxWithFile } from "../nginx.ts";
import type { Work } from "../work.ts";
import { hammering, hotListPath, pageOf } from "./hot-reads.ts";

/** Pages from nginx's cache, which revalidates each page at the gateways once a second. */
export const hotListThroughNginx: Work = {
  name: "nginx-list",
  title: "a list of 20 products, hot, from nginx's micro-cache",
  goals: [{ of: "rate ratio", atLeast: 0.7 }],
  async contenders({ shop, directory, defer }) {
    const missing = ensureTool("nginx");
    if (missing !== undefined) throw new Error(missing);
    const before = await startNginxBefore(shop.url, directory);
    defer(() => before.stop());
    const file = await startNginxWithFile(await pageOf(shop.url + hotListPath), directory);
    defer(() => file.stop());
    const processes = new Map([...before.processes, ...shop.processes]);
    return [
      hammering({ ...before, processes }, "nginx before the shop", hotListPath),
      hammering(file, "nginx with a file", hotListPath),
    ];
  },
};
