import { readdir } from "node:fs/promises";
import type { NodeProcess } from "../../deploy/local/cluster.ts";
import { descriptorLimit, limitDescriptors } from "./descriptors.ts";
import { until } from "../cluster/processes.ts";
import type { Fault, ServerTarget } from "./fault-kinds.ts";
import { everyNode, stormEveryMs, stormMs } from "./fault-kinds.ts";
import type { ShopUnderChaos } from "./shop-under-chaos.ts";

/** Each with its probability. */
const providerFaults = {
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

/** Reverts a fault, as far as the shop does not recover by itself; resolves when its target is up again. */
export type Recover = () => Promise<void>;

/** Injects a fault; resolves when it has taken effect. */
export async function injectFault(fault: Fault, shop: ShopUnderChaos): Promise<Recover> {
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
    case "node starve":
      return starveNode(shop.node(fault.target));
    case "connection storm": {
      const storm = stack.closeConnections(stormMs / stormEveryMs, stormEveryMs);
      // The result is checked after the storm.
      storm.catch(() => undefined);
      return () => storm;
    }
    case "disk alarm":
      return stack.raiseDiskAlarm();
    case "queue delete":
      await stack.deleteQueues(`.${fault.of}`);
      return async () => undefined;
    case "provider away":
      await shop.provider.stop();
      return () => shop.provider.restart();
    case "provider misbehaves":
      shop.provider.setFaults(providerFaults);
      return async () => shop.provider.setFaults({});
    case "link refuse":
    case "link black-hole":
    case "link delay":
    case "link throttle":
    case "link cut":
    case "link lose": {
      const { target, from, trouble } = fault;
      const nodes = from === everyNode ? shop.nodeNames : [from];
      for (const node of nodes) shop.links.impair(node, target, trouble);
      return async () => {
        for (const node of nodes) shop.links.clear(node, target);
      };
    }
  }
}

/** Crashes or stops it; the supervisor restarts it. */
async function signalNode(node: NodeProcess, signal: "SIGKILL" | "SIGTERM"): Promise<Recover> {
  await until(() => node.state === "up");
  const { pid, restarts } = node;
  if (pid !== undefined) process.kill(pid, signal);
  return () => until(() => node.restarts > restarts && node.state === "up");
}

async function pauseNode(node: NodeProcess): Promise<Recover> {
  await until(() => node.pid !== undefined);
  const { pid } = node;
  if (pid !== undefined) process.kill(pid, "SIGSTOP");
  return async () => {
    if (pid !== undefined && node.pid === pid) process.kill(pid, "SIGCONT");
  };
}

/** It keeps its open descriptors and cannot open more. */
async function starveNode(node: NodeProcess): Promise<Recover> {
  await until(() => node.state === "up");
  const { pid } = node;
  if (pid === undefined) return async () => undefined;
  const limit = await descriptorLimit(pid);
  const open = await readdir(`/proc/${pid}/fd`);
  await limitDescriptors(pid, String(open.length));
  return async () => {
    if (node.pid === pid) await limitDescriptors(pid, limit);
  };
}

/** Restarts the database, which otherwise checks for disk space once a minute. */
async function freeDisk(shop: ShopUnderChaos, server: ServerTarget): Promise<void> {
  const { stack } = shop.cluster;
  await shop.disk(server).free();
  if (server === "rabbitmq" || server === "redis") return;
  await stack.kill(server);
  await stack.start(server);
}
