import { figure, table } from "../bench/report/tables.ts";
import type { ScaleWork } from "./loads.ts";
import type { Step } from "./measure.ts";

export interface ScaleReport {
  /** The command line. */
  readonly command: string;
  readonly began: string;
  readonly computer: string;
  /** Of one processor, for each machine. */
  readonly share: number;
  readonly steps: readonly Step[];
}

/** Names in the order of a request's path, with their processes. */
const parts: readonly (readonly [string, RegExp])[] = [
  ["gateways", /^api-/],
  ["catalog", /^catalog-/],
  ["orders", /^orders-/],
  ["users, cart, audit", /^(?:users|cart|audit)-/],
  ["RabbitMQ", /^rabbitmq$/],
  ["Redis", /^redis$/],
  ["primary", /^primary$/],
  ["replicas", /^replica-/],
  ["load", /^load$/],
];
const onMachines = /^(?:api|catalog|orders)-/;
const nodesOnEach = 3;
const servers = /^(?:rabbitmq|redis|primary|replica-.*)$/;

/** The report as Markdown, also for terminals. */
export function scaleTables(
  { command, began, computer, share, steps }: ScaleReport,
  works: readonly ScaleWork[],
): string {
  const measured = works.flatMap((work) => {
    const own = steps.filter((step) => step.work === work.name);
    return own.length > 0 ? [{ title: work.title, steps: own }] : [];
  });
  return [
    `\`${command}\` on ${began}, ${computer}; each machine has ${percent(share)} of one processor.`,
    ...measured.flatMap(({ title, steps: own }) => [
      "",
      ...table(
        [
          `machines: ${title}`,
          "per second",
          "efficiency",
          "p50 ms",
          "p99 ms",
          "failures",
          "machines busy",
          "computer idle",
        ],
        own.map((step) => [
          `${step.machines}`,
          figure(step.perSecond),
          percent(efficiency(step, own)),
          figure(step.p50Ms),
          figure(step.p99Ms),
          `${step.failures}`,
          percent(busy(step, share)),
          percent(step.time.idle),
        ]),
      ),
      "",
      ...table(
        [
          "processor time for one, ms",
          ...own.map(({ machines }) => `${machines} machine${machines === 1 ? "" : "s"}`),
        ],
        parts.map(([name, pattern]) => [
          name,
          ...own.map((step) => figure((1000 * secondsOf(step, pattern)) / (step.perSecond * step.seconds))),
        ]),
      ),
    ]),
    "",
    ...table(
      ["at rest", "machines busy", "…each node, ms a second", "servers, ms a second"],
      steps
        .filter(({ work }) => work === "rest")
        .map((step) => [
          `${step.machines} machine${step.machines === 1 ? "" : "s"}`,
          percent(busy(step, share)),
          figure((1000 * secondsOf(step, onMachines)) / step.seconds / (step.machines * nodesOnEach)),
          figure((1000 * secondsOf(step, servers)) / step.seconds),
        ]),
    ),
    "",
    ...table(
      ["share of one processor", ...measured.map(({ title }) => title)],
      busiest(measured.map(({ steps: own }) => own.at(-1))),
    ),
    "",
  ].join("\n");
}

/** Throughput per machine relative to the smallest step. */
export function efficiency(step: Step, all: readonly Step[]): number {
  const [first = step] = all.toSorted((one, other) => one.machines - other.machines);
  return step.perSecond / step.machines / (first.perSecond / first.machines);
}

/** Used share of the machines' CPU quota. */
export function busy(step: Step, share: number): number {
  return secondsOf(step, onMachines) / (step.machines * share * step.seconds);
}

/** Each process in the largest step of each work. */
function busiest(steps: readonly (Step | undefined)[]): string[][] {
  const names = new Set(steps.flatMap((step) => Object.keys(step?.time.by ?? {})));
  const rank = (name: string) => parts.findIndex(([, pattern]) => pattern.test(name));
  return [...names]
    .toSorted((one, other) => rank(one) - rank(other))
    .map((name) => [
      name,
      ...steps.map((step) => percent((step?.time.by[name] ?? 0) / (step?.seconds ?? 1))),
    ]);
}

function secondsOf({ time }: Step, pattern: RegExp): number {
  return Object.entries(time.by).reduce(
    (sum, [name, seconds]) => (pattern.test(name) ? sum + seconds : sum),
    0,
  );
}

function percent(value: number): string {
  return Number.isFinite(value) ? `${Math.round(100 * value)} %` : "–";
}
