import type { NodeProcess } from "../../deploy/local/cluster.ts";
import { until } from "../cluster/processes.ts";
import type { Fault, ServerTarget } from "./fault-kinds.ts";
import { everyNode } from "./fault-kinds.ts";
import type { ShopUnderChaos } from "./shop-under-chaos.ts";

/** Each by its probability. */
const misbehaviour = {
  fail: 0.2,
  loseAnswer: 0.2,
  slow: 0.2,
  slowMs: 1500,
  declinePayment: 0.1,
  declineRefund: 0.1,
  duplicate: 0.3,
  drop: 0.2,
  delay: 0.3,
  delayMs: 3000,
};

/** Undoes a fault, as far as the shop does not recover by itself; resolves when what was hit is up again. */
export type Heal = () => Promise<void>;

/** Makes a fault happen; resolves when it has. */
export async function strike(fault: Fault, shop: ShopUnderChaos): Promise<Heal> {
  const { stack } = shop.cluster;
  switch (fault.kind) {
    case "node kill":
    case "node restart":
      return signalNode(shop.node(fault.target), fault.kind === "node kill" ? "SIGKILL" : "SIGTERM");
    case "node pause":
      return pauseNode(shop.node(fault.target));
    case "server kill":
      await stack.kill(fault.target);
      return () => stack.start(fault.target);
    case "server pause":
      await stack.pause(fault.target);
      return () => stack.resume(fault.target);
    case "server restart":
      await stack.shutDown(fault.target);
      return () => stack.start(fault.target);
    case "replica lag":
      await stack.stopApplying(fault.target);
      return () => stack.startApplying(fault.target);
    case "read-only":
      await stack.setReadOnly(true);
      return () => stack.setReadOnly(false);
    case "disk full":
      await shop.disk(fault.target).fill();
      return () => freeDisk(shop, fault.target);
    case "provider away":
      await shop.provider.goAway();
      return () => shop.provider.comeBack();
    case "provider misbehaves":
      shop.provider.misbehave(misbehaviour);
      return async () => shop.provider.misbehave({});
    case "link refuse":
    case "link black-hole":
    case "link delay":
    case "link throttle":
    case "link cut":
    case "link lose": {
      const { target, from, trouble } = fault;
      const nodes = from === everyNode ? shop.nodeNames : [from];
      for (const node of nodes) shop.links.trouble(node, target, trouble);
      return async () => {
        for (const node of nodes) shop.links.clear(node, target);
      };
    }
  }
}

/** It dies, or ends in good order; its supervisor starts it again. */
async function signalNode(node: NodeProcess, signal: "SIGKILL" | "SIGTERM"): Promise<Heal> {
  await until(() => node.state === "up");
  const { pid, restarts } = node;
  if (pid !== undefined) process.kill(pid, signal);
  return () => until(() => node.restarts > restarts && node.state === "up");
}

async function pauseNode(node: NodeProcess): Promise<Heal> {
  await until(() => node.pid !== undefined);
  const { pid } = node;
  if (pid !== undefined) process.kill(pid, "SIGSTOP");
  return async () => {
    if (pid !== undefined && node.pid === pid) process.kill(pid, "SIGCONT");
  };
}

/** A database that found its disk full looks again after a minute; a person would start it anew. */
async function freeDisk(shop: ShopUnderChaos, server: ServerTarget): Promise<void> {
  const { stack } = shop.cluster;
  await shop.disk(server).free();
  if (server === "rabbitmq" || server === "redis") return;
  await stack.kill(server);
  await stack.start(server);
}
