import { Latencies } from "../replay/latencies.ts";
import type { Operation } from "./history.ts";
import { longestOutage } from "./longest-outage.ts";
import type { InjectedFault } from "./nemesis.ts";

/** Result of a run. */
export interface ChaosReport {
  readonly seed: number;
  readonly durationMs: number;
  readonly buyers: number;
  /** Settling time after healing. */
  readonly settledMs: number;
  readonly injected: readonly InjectedFault[];
  readonly operations: readonly Operation[];
  /** In the databases at the end. */
  readonly orders: number;
  /** Violations; a run without any has passed. */
  readonly findings: readonly string[];
  /** Kept logs and history, if any. */
  readonly files: { readonly directory: string; readonly logs: string } | undefined;
  /** Resources that could not be cleaned up. */
  readonly left: readonly string[];
}

/** Number of findings shown; `findings.txt` has all. */
const findingsShown = 40;

export function formatReport(report: Omit<ChaosReport, "left">): string {
  const { seed, buyers, durationMs, injected, operations, findings, files, orders, settledMs } = report;
  const attempts = operations.flatMap((operation) => operation.attempts);
  const outages = ["catalog", "orders"].map((service) => {
    const own = operations
      .filter(({ action }) => action.startsWith(`${service}.`))
      .flatMap((operation) => operation.attempts);
    return `${service} ${seconds(longestOutage(own))}`;
  });
  return [
    `seed ${seed}, ${buyers} buyers, ${durationMs / 1000} s, settled after ${seconds(settledMs)}`,
    "",
    `${injected.length} faults`,
    ...counted(injected.map(({ fault }) => `${fault.kind}: ${kindOfTarget(fault.target)}`)),
    "",
    `${operations.length} wishes in ${attempts.length} requests; ${orders} orders`,
    ...outcomes(operations),
    "",
    "answers that were no grant",
    ...counted(
      attempts.flatMap(({ status, problem }) => (problem === null ? [] : [`${status ?? "none"} ${problem}`])),
    ),
    "",
    "milliseconds to an answer",
    ...latencies(operations),
    "",
    `longest time without a single grant: ${seconds(longestOutage(attempts))} (${outages.join(", ")})`,
    "",
    ...(findings.length === 0
      ? ["passed: everything agrees"]
      : [
          `FAILED: ${findings.length} findings`,
          ...findings.slice(0, findingsShown).map((text) => `  ${text}`),
        ]),
    ...(findings.length > findingsShown ? [`  … and ${findings.length - findingsShown} more`] : []),
    ...(files ? ["", `history ${files.directory}/history.jsonl`, `logs    ${files.logs}`] : []),
    ...(findings.length > 0
      ? [`again   npm run chaos -- --seed ${seed} --minutes ${durationMs / 60_000} --buyers ${buyers}`]
      : []),
    "",
  ].join("\n");
}

function outcomes(operations: readonly Operation[]): string[] {
  return [...Map.groupBy(operations, ({ action }) => action)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([action, all]) => {
      const count = (outcome: Operation["outcome"]) =>
        all.filter((operation) => operation.outcome === outcome).length;
      return `  ${action.padEnd(26)} ${String(all.length).padStart(6)}: ${count("ok")} ok, ${count("failed")} refused, ${count("unknown")} unknown`;
    });
}

function latencies(operations: readonly Operation[]): string[] {
  const all = new Latencies();
  for (const { action, attempts } of operations) for (const { ms } of attempts) all.add(action, ms);
  return all
    .summaries()
    .map(({ kind, p50, p95, p99 }) => `  ${kind.padEnd(26)} p50 ${p50}, p95 ${p95}, p99 ${p99}`);
}

function counted(names: readonly string[]): string[] {
  return [...Map.groupBy(names, (name) => name)]
    .map(([name, all]) => [name, all.length] as const)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `  ${String(count).padStart(6)} × ${name}`);
}

const kindOfTarget = (target: string) => target.replace(/-\d$/, "");
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
