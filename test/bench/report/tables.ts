import { cpus, totalmem } from "node:os";
import type { WorkResult } from "../rounds.ts";
import type { Shape } from "../shop.ts";
import type { Work } from "../work.ts";
import { cpuPerRequest, judge, median, ratio } from "./judge.ts";

export interface Report {
  readonly shape: Shape;
  /** The command line. */
  readonly command: string;
  readonly began: string;
  readonly machine: string;
  /** One-minute load average, before and after. */
  readonly load: readonly [number, number];
  readonly results: readonly WorkResult[];
}

export function thisMachine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

/** The report as Markdown, also for terminals. */
export function asMarkdown(report: Report, works: readonly Work[]): string {
  const { shape, command, began, machine, load, results } = report;
  const found = results.flatMap((result) => {
    const work = works.find(({ name }) => name === result.name);
    return work ? [{ work, result }] : [];
  });
  return [
    `\`${command}\` on ${began}, ${machine}; load average ${load.map((value) => value.toFixed(1)).join(" before and ")} after. Medians of the rounds.`,
    "",
    ...table(
      ["work", "who", "per second", "p50 ms", "p99 ms", "CPU ms each", "failures", "rate ratio", "CPU ratio"],
      found.flatMap(({ work, result }) => workRows(work, result)),
    ),
    "",
    ...table(
      ["work", "goal", "found", ""],
      found.flatMap(({ work, result }) =>
        judge(work, result, shape).map(({ goal, value, reached }) => [
          work.title,
          goal,
          figure(value),
          reached ? "reached" : "**not reached**",
        ]),
      ),
    ),
    "",
    ...table(["process", "most memory, MB"], memoryRows(results)),
    "",
  ].join("\n");
}

function workRows(work: Work, result: WorkResult): string[][] {
  return result.samples.map(({ contender, rounds }, index) => {
    const of = (value: (sample: (typeof rounds)[number]) => number) => median(rounds.map(value));
    const beside = baselineNames(result, index);
    const ratios = beside
      ? [figure(ratio(beside, ({ perSecond }) => perSecond)), figure(ratio(beside, cpuPerRequest))]
      : ["", ""];
    const failures = rounds.reduce((sum, sample) => sum + sample.failures, 0);
    return [
      index === 0 ? `${work.title} (\`${work.name}\`)` : "",
      contender,
      figure(of(({ perSecond }) => perSecond)),
      figure(of(({ p50Ms }) => p50Ms)),
      figure(of(({ p99Ms }) => p99Ms)),
      figure(of((sample) => cpuPerRequest(sample) * 1000)),
      `${failures}`,
      ...ratios,
    ];
  });
}

/** Our row shows ratios to the first baseline; each further row shows ours to that one. */
function baselineNames(result: WorkResult, index: number): WorkResult | undefined {
  const [ours] = result.samples;
  const other = result.samples[index === 0 ? 1 : index];
  return index === 1 || !ours || !other ? undefined : { ...result, samples: [ours, other] };
}

function memoryRows(results: readonly WorkResult[]): string[][] {
  const most = new Map<string, number>();
  for (const { memory } of results.flatMap(({ samples }) => samples.flatMap(({ rounds }) => rounds)))
    for (const [name, bytes] of Object.entries(memory)) most.set(name, Math.max(most.get(name) ?? 0, bytes));
  return [...most].map(([name, bytes]) => [name, figure(bytes / 1e6)]);
}

/** Formats three significant digits. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

/** A Markdown table with its first column aligned to the left. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(headings),
    line(headings.map((_, column) => (column === 0 ? "---" : "--:"))),
    ...rows.map(line),
  ];
}
