import type { LinkTrouble } from "./tcp-link.ts";

/** What befalls a process: a node of the shop, or one of the servers. */
export type Blow = "kill" | "pause" | "restart";

/** One fault that is to happen. Times are milliseconds; `at` counts from the start. */
export interface PlannedFault {
  readonly at: number;
  readonly lastsMs: number;
  readonly fault: Fault;
}

export type Fault =
  | { readonly kind: `node ${Blow}`; readonly target: string }
  | { readonly kind: `server ${Blow}`; readonly target: ServerTarget }
  /** The replica answers, ever further behind. */
  | { readonly kind: "replica lag"; readonly target: ReplicaTarget }
  /** From one node, or from all of them. */
  | { readonly kind: `link ${LinkTrouble["kind"]}`; readonly target: ServerTarget; readonly from: string; readonly trouble: LinkTrouble }
  | { readonly kind: "read-only"; readonly target: "primary" }
  | { readonly kind: "disk full"; readonly target: ServerTarget }
  /** The payment provider is away, or answers, declines and tells the shop as it likes. */
  | { readonly kind: "provider away" | "provider misbehaves"; readonly target: "payment provider" };

export const replicaTargets = ["replica-1", "replica-2"] as const;
export type ReplicaTarget = (typeof replicaTargets)[number];
export const serverTargets = ["rabbitmq", "redis", "primary", ...replicaTargets] as const;
export type ServerTarget = (typeof serverTargets)[number];
export const everyNode = "every node";

/** What a fault takes hold of; two faults never have the same in hand at once. */
export function resourceOf(fault: Fault): string {
  return fault.kind.startsWith("link") ? `link ${fault.target}` : fault.target;
}

/** As people read it. */
export function describe(fault: Fault): string {
  return "from" in fault ? `${fault.kind}: ${fault.from} → ${fault.target}` : `${fault.kind}: ${fault.target}`;
}
