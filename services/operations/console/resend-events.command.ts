import { contractsOf } from "../../../mixins/service/config-of.ts";
import { callShop, knownNodes } from "./known-nodes.ts";
import type { ShopCommand } from "./command.ts";

const resentWithinMs = 600_000;

export const resendEvents: ShopCommand = {
  usage: "events resend <consumer> [hours]",
  summary: "Resend stored events of the last hours, or all of them, to a service that may have missed some",
  async run({ broker }, [consumer = "", hours]) {
    const consumed = contractsOf(broker).find(({ name }) => name === consumer)?.consumes ?? [];
    const publishers = new Set(consumed.map((event) => event.slice(0, event.indexOf("."))));
    if (publishers.size === 0) return `no service ${consumer} consumes events`;
    const nodes = knownNodes(broker).filter(({ available }) => available);
    const lines: string[] = [];
    for (const service of publishers) {
      const node = nodes.find(({ services }) => services.includes(service));
      if (!node) {
        lines.push(`no reachable node runs ${service}`);
        continue;
      }
      const params = { service, consumer, ...(hours === undefined ? {} : { hours: Number(hours) }) };
      const options = { nodeID: node.id, timeout: resentWithinMs };
      const { resent } = await callShop(broker, "operations.events.resend", params, options);
      lines.push(`resending ${resent} events of ${service}`);
    }
    return lines.join("\n");
  },
};
