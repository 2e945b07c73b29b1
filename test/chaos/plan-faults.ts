import { randomFrom } from "../cluster/nemesis.ts";
import type { Fault, PlannedFault, ServerTarget } from "./fault-kinds.ts";
import { everyNode, replicaTargets, resourceOf, serverTargets, stormMs } from "./fault-kinds.ts";
import { allContracts } from "../support/all-contracts.ts";

export interface PlanOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** The names of the shop's nodes. */
  readonly nodes: readonly string[];
  /** Servers with a small disk. */
  readonly smallDisks: readonly ServerTarget[];
  /** Whether descriptor limits can be set here. */
  readonly canStarve: boolean;
  /** Mean time between the starts of two faults. */
  readonly pauseMs: number;
}

/** Services with event queues. */
const consumers = allContracts.filter(({ consumes }) => consumes.length > 0).map(({ name }) => name);

/** Duration of each kind of fault. */
const lasting: Readonly<Record<string, readonly [from: number, to: number]>> = {
  "node kill": [0, 0],
  "node pause": [500, 8000],
  "node restart": [0, 0],
  "node starve": [1000, 6000],
  "server kill": [0, 3000],
  "server pause": [500, 7000],
  "server restart": [0, 0],
  "replica lag": [2000, 8000],
  "link lose": [0, 0],
  "disk full": [3000, 8000],
  "read-only": [1000, 6000],
  "connection storm": [stormMs, stormMs],
  "disk alarm": [2000, 8000],
  "queue delete": [0, 0],
  "provider away": [1000, 8000],
  "provider misbehaves": [10_000, 20_000],
};
const linkLasting = [1000, 7000] as const;
/** Recovery time of a target before its next fault. */
const recoveryMs = 3000;

/** Faults of a run in order of time, deterministic by seed and shop. */
export function planFaults(options: PlanOptions): PlannedFault[] {
  const random = randomFrom(options.seed);
  const between = ([from, to]: readonly [number, number]) => Math.round(from + random() * (to - from));
  const busyUntil = new Map<string, number>();
  const planned: PlannedFault[] = [];
  let waiting: Fault[] = [];
  for (
    let at = between([0, options.pauseMs]);
    at < options.durationMs;
    at += between([options.pauseMs / 4, (options.pauseMs * 7) / 4])
  ) {
    // A deck with each kind by its weight, reshuffled when it is used up.
    if (waiting.length === 0) waiting = shuffled(shuffledFaults(options, random), random);
    const index = waiting.findIndex((fault) => (busyUntil.get(resourceOf(fault)) ?? 0) <= at);
    const [fault] = index === -1 ? [] : waiting.splice(index, 1);
    if (!fault) continue;
    const lastsMs = between(lasting[fault.kind] ?? linkLasting);
    busyUntil.set(resourceOf(fault), at + lastsMs + recoveryMs);
    planned.push({ at, lastsMs, fault });
  }
  return planned;
}

function shuffledFaults({ nodes, smallDisks, canStarve }: PlanOptions, random: () => number): Fault[] {
  const any = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const services = [...new Set(nodes.map(serviceOf))];
  const nodeOf = (service: string) => any(nodes.filter((name) => serviceOf(name) === service));
  const from = () => (random() < 0.3 ? everyNode : any(nodes));
  return [
    ...services.flatMap((service): Fault[] => [
      { kind: "node kill", target: nodeOf(service) },
      { kind: "node pause", target: nodeOf(service) },
      { kind: "node restart", target: nodeOf(service) },
    ]),
    { kind: "node kill", target: nodeOf("orders") },
    { kind: "node kill", target: nodeOf("catalog") },
    { kind: "node pause", target: nodeOf("orders") },
    ...serverTargets.flatMap((target): Fault[] => [
      { kind: "server kill", target },
      { kind: "server pause", target },
      { kind: "server restart", target },
      { kind: "link refuse", target, from: from(), trouble: { kind: "refuse" } },
      { kind: "link black-hole", target, from: from(), trouble: { kind: "black-hole" } },
      { kind: "link cut", target, from: from(), trouble: { kind: "cut" } },
      { kind: "link lose", target, from: from(), trouble: { kind: "lose" } },
      {
        kind: "link delay",
        target,
        from: from(),
        trouble: { kind: "delay", ms: Math.round(20 + random() * 280) },
      },
    ]),
    {
      kind: "link throttle",
      target: any(serverTargets),
      from: from(),
      trouble: { kind: "throttle", bytesPerSecond: 20_000 },
    },
    ...replicaTargets.map((target): Fault => ({ kind: "replica lag", target })),
    { kind: "read-only", target: "primary" },
    { kind: "connection storm", target: "rabbitmq" },
    { kind: "disk alarm", target: "rabbitmq" },
    { kind: "queue delete", target: "rabbitmq", of: any(consumers) },
    { kind: "queue delete", target: "rabbitmq", of: any(nodes) },
    ...(canStarve ? ["users", "catalog", "orders"] : []).map((service): Fault => ({
      kind: "node starve",
      target: nodeOf(service),
    })),
    { kind: "provider away", target: "payment provider" },
    { kind: "provider misbehaves", target: "payment provider" },
    { kind: "provider misbehaves", target: "payment provider" },
    ...smallDisks.map((target): Fault => ({ kind: "disk full", target })),
  ];
}

function serviceOf(node: string): string {
  return node.slice(0, node.lastIndexOf("-"));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
