import type { LinkImpairment } from "./tcp-link.ts";

/** Faults of a process: a node of the shop, or one of the servers. */
export type FaultSpec = "kill" | "pause" | "restart";

/** A scheduled fault. Times are milliseconds; `at` counts from the start. */
export interface PlannedFault {
  readonly at: number;
  readonly lastsMs: number;
  readonly fault: Fault;
}

export type Fault =
  | { readonly kind: `node ${FaultSpec}`; readonly target: string }
  | { readonly kind: `server ${FaultSpec}`; readonly target: ServerTarget }
  /** The replica serves reads with growing lag. */
  | { readonly kind: "replica lag"; readonly target: ReplicaTarget }
  /** From one node, or from all of them. */
  | {
      readonly kind: `link ${LinkImpairment["kind"]}`;
      readonly target: ServerTarget;
      readonly from: string;
      readonly trouble: LinkImpairment;
    }
  | { readonly kind: "read-only"; readonly target: "primary" }
  | { readonly kind: "disk full"; readonly target: ServerTarget }
  /** Files, connections and threads cannot be opened. */
  | { readonly kind: "node starve"; readonly target: string }
  /** All connections are closed repeatedly. */
  | { readonly kind: "connection storm"; readonly target: "rabbitmq" }
  /** Publishers are blocked. */
  | { readonly kind: "disk alarm"; readonly target: "rabbitmq" }
  /** A service's event queue, or a node's own queue. */
  | { readonly kind: "queue delete"; readonly target: "rabbitmq"; readonly of: string }
  /** The payment provider is unavailable, or misbehaves. */
  | { readonly kind: "provider away" | "provider misbehaves"; readonly target: "payment provider" };

export const replicaTargets = ["replica-1", "replica-2"] as const;
export type ReplicaTarget = (typeof replicaTargets)[number];
export const serverTargets = ["rabbitmq", "redis", "primary", ...replicaTargets] as const;
export type ServerTarget = (typeof serverTargets)[number];
/** Duration of a connection storm. */
export const stormMs = 6000;
export const stormEveryMs = 25;
export const everyNode = "every node";

/** Resource of a fault; concurrent faults have different ones. */
export function resourceOf(fault: Fault): string {
  return fault.kind.startsWith("link") ? `link ${fault.target}` : fault.target;
}

/** For people. */
export function describe(fault: Fault): string {
  if ("of" in fault) return `${fault.kind}: ${fault.target}, of ${fault.of}`;
  return "from" in fault
    ? `${fault.kind}: ${fault.from} → ${fault.target}`
    : `${fault.kind}: ${fault.target}`;
}
