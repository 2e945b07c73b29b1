import type { QueueDepth } from "./queues.ts";
import type { Finding } from "./report.ts";

/** Findings of the queues, when events travel through RabbitMQ. */
export function queueFindings(depths: readonly QueueDepth[], settled: boolean): Finding[] {
  const finding = (
    about: Pick<Finding, "code" | "says" | "severity">,
    count: (depth: QueueDepth) => number,
  ): Finding => {
    const rows = depths
      .filter((depth) => count(depth) > 0)
      .map((depth) => ({ service: depth.service, events: count(depth) }));
    const broken = rows.reduce((sum, { events }) => sum + events, 0);
    const { code, says, severity } = about;
    return { code, says, severity, checked: depths.length, broken, underWay: 0, rows };
  };
  const dead = finding(queueInvariants.dead, (depth) => depth.dead);
  return settled ? [dead, finding(queueInvariants.empty, (depth) => depth.waiting)] : [dead];
}

export const queueInvariants = {
  dead: {
    code: "queues.no-dead-letters",
    says: "No dead letter: every event was consumed by its services",
    severity: "warning",
    whenSettled: false,
  },
  empty: {
    code: "queues.empty",
    says: "No event is pending in a queue",
    severity: "violation",
    whenSettled: true,
  },
} as const;
