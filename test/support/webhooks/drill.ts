import { setTimeout as sleep } from "node:timers/promises";
import { Receiver } from "./receivers.ts";
import type { SendingNode, WebhookWorld } from "./sending-nodes.ts";

export interface DrillOptions {
  readonly events: number;
  /** Share of requests that the receiver answers with an error, or not at all. */
  readonly failing: number;
  readonly nodes: number;
  /** Pause between two kills of a sending node; none when absent. */
  readonly killEveryMs?: number;
  readonly leaseMs: number;
}

export interface DrillReport {
  readonly events: number;
  readonly lost: number;
  readonly requests: number;
  /** Successes of events that had one before: of nodes that were killed before they noted it. */
  readonly repeated: number;
  readonly kills: number;
  readonly seconds: number;
}

const delaysMs = Array.from({ length: 40 }, () => 50);
const eventsAtOnce = 500;

/** Sends many events to a receiver that fails often, from nodes that are killed and replaced all the time. */
export async function sendThroughKills(world: WebhookWorld, options: DrillOptions): Promise<DrillReport> {
  const accepted = new Map<string, number>();
  const receiver = await Receiver.open(({ headers }, number) => {
    if (Math.random() < options.failing) return number % 5 === 0 ? "cut" : { status: 500 };
    const id = String(headers["webhook-id"]);
    accepted.set(id, (accepted.get(id) ?? 0) + 1);
    return { status: 204 };
  });
  const endpoint = await world.addEndpoint(receiver.url);
  const start = () => world.startNode({ delaysMs, leaseMs: options.leaseMs });
  const nodes: SendingNode[] = Array.from({ length: options.nodes }, start);
  const began = Date.now();
  const run = { isOver: false, kills: 0 };
  const killing = killInTurn(nodes, start, options.killEveryMs, run);
  const ids: string[] = [];
  while (ids.length < options.events)
    ids.push(...(await world.addEvents(Math.min(eventsAtOnce, options.events - ids.length), [endpoint])));
  while ((await world.count("waiting")) > 0) await sleep(50);
  run.isOver = true;
  await killing;
  await Promise.all(nodes.map((node) => node.stop()));
  await receiver.close();
  const times = [...accepted.values()];
  return {
    events: ids.length,
    lost: ids.filter((id) => !accepted.has(id)).length,
    requests: receiver.received.length,
    repeated: times.reduce((sum, each) => sum + each - 1, 0),
    kills: run.kills,
    seconds: (Date.now() - began) / 1000,
  };
}

async function killInTurn(
  nodes: SendingNode[],
  start: () => SendingNode,
  everyMs: number | undefined,
  run: { isOver: boolean; kills: number },
): Promise<void> {
  if (everyMs === undefined) return;
  while (!run.isOver) {
    await sleep(everyMs);
    await nodes.shift()?.kill();
    nodes.push(start());
    run.kills += 1;
  }
}

/**
 * Measures how long events take to reach receivers that answer at once, beside others that hang.
 *
 * @returns 99th percentile in milliseconds, from the commit to the receiver
 */
export async function p99Beside(
  world: WebhookWorld,
  {
    hanging,
    healthy,
    rounds,
    everyMs,
  }: { hanging: number; healthy: number; rounds: number; everyMs: number },
): Promise<number> {
  const receivers = await Promise.all(Array.from({ length: healthy }, () => Receiver.open()));
  const silent = await Promise.all(Array.from({ length: hanging }, () => Receiver.open(() => undefined)));
  const endpoints = [];
  for (const { url } of [...receivers, ...silent]) endpoints.push(await world.addEndpoint(url));
  const node = world.startNode({}, 1000);
  const sentAt = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    for (const id of await world.addEvents(5, endpoints)) sentAt.set(id, Date.now());
    node.sender.nudge();
    await sleep(everyMs);
  }
  while (receivers.some(({ received }) => received.length < rounds * 5)) await sleep(10);
  await node.kill();
  await Promise.all([...receivers, ...silent].map((receiver) => receiver.close()));
  const delays = receivers
    .flatMap(({ received }) => received)
    .map(({ at, headers }) => at - (sentAt.get(String(headers["webhook-id"])) ?? at))
    .sort((one, other) => one - other);
  return delays[Math.floor(delays.length * 0.99)] ?? 0;
}
