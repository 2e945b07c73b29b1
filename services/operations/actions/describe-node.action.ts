import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { handledRequests } from "../handled-requests.ts";
import { action } from "../operations.dependencies.ts";

const microsecondsPerSecond = 1_000_000;

export const describeNode = action("operations.node", async ({ now }, { broker }) => {
  const { user, system } = process.cpuUsage();
  return {
    nodeId: broker.nodeID,
    services: broker.services
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("$") && name !== "operations"),
    pid: process.pid,
    startedAt: toTimestamp(now - Math.round(process.uptime() * 1000)),
    cpuSeconds: (user + system) / microsecondsPerSecond,
    memoryBytes: process.memoryUsage.rss(),
    requests: handledRequests(broker),
  };
});
