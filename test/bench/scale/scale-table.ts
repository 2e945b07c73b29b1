import { cpuPerRequest, median } from "../report/judge.ts";
import { figure, table } from "../report/tables.ts";
import type { Sample } from "../rounds.ts";
import type { ScaleReport } from "./measure.ts";

/** Maximum cost ratio of a large shop to a small one. */
export const maxGrowth = 1.5;

/** The report as Markdown. */
export function scaleAsMarkdown({ command, began, machine, load, shops, results }: ScaleReport): string {
  const names = shops.map(({ size }) => size.name);
  const larger = names.slice(1);
  return [
    `\`${command}\` on ${began}, ${machine}; load average ${load.map((value) => value.toFixed(1)).join(" before and ")} after. Medians of the rounds; ratios are to the first shop, and those above ${maxGrowth} are bold.`,
    "",
    ...table(
      ["shop", "variants", "orders", "audit entries", "customers", "rows", "on disk, MB", "filled in, s"],
      shops.map(({ size, filled }) => [
        size.name,
        ...[
          size.variants,
          size.orders,
          size.entries,
          size.customers,
          filled.rows,
          filled.bytes / 1e6,
          filled.seconds,
        ].map(figure),
      ]),
    ),
    "",
    ...table(
      [
        "work",
        ...names.map((name) => `CPU ms, ${name}`),
        ...larger.map((name) => `ratio, ${name}`),
        ...names.map((name) => `p50 ms, ${name}`),
        ...larger.map((name) => `ratio, ${name}`),
        "failures",
      ],
      results.map(({ name, title, samples }) => {
        const of = (value: (sample: Sample) => number) =>
          samples.map(({ rounds }) => median(rounds.map(value)));
        const failures = samples
          .flatMap(({ rounds }) => rounds)
          .reduce((sum, sample) => sum + sample.failures, 0);
        const cost = of((sample) => cpuPerRequest(sample) * 1000);
        const wait = of(({ p50Ms }) => p50Ms);
        return [
          `${title} (\`${name}\`)`,
          ...cost.map(figure),
          ...growth(cost),
          ...wait.map(figure),
          ...growth(wait),
          `${failures}`,
        ];
      }),
    ),
    "",
  ].join("\n");
}

function growth([small = Number.NaN, ...larger]: readonly number[]): string[] {
  return larger.map((value) =>
    value / small > maxGrowth ? `**${figure(value / small)}**` : figure(value / small),
  );
}
