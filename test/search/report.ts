import type { Measured } from "./measure.ts";
import { qualityOf } from "./quality.ts";

/** What the shop and its index take. */
export interface Growth {
  readonly products: number;
  readonly fillMs: number;
  /** Of the SQLite file, or of the server's tables and indexes. */
  readonly bytes: number;
  readonly postings: number;
  readonly words: number;
}

/** The report as text for people. */
export function formatReport({ answers, durations, cpuSeconds }: Measured, growth: Growth): string {
  const classes = [...Map.groupBy(answers, ({ query }) => query.class), ["all", answers] as const];
  const rows = classes.map(([name, its]) => {
    const { queries, recallAt20, mrr } = qualityOf(its);
    return `| ${name} | ${queries} | ${recallAt20.toFixed(3)} | ${mrr.toFixed(3)} |`;
  });
  const { products, fillMs, bytes, postings, words } = growth;
  const count = (value: number) => value.toLocaleString("en-GB");
  return [
    "| class | searches | recall@20 | MRR |",
    "|---|---|---|---|",
    ...rows,
    "",
    `${count(products)} products: p50 ${percentile(durations, 50)} ms, p99 ${percentile(durations, 99)} ms, slowest ${percentile(durations, 100)} ms; ${((cpuSeconds * 1000) / durations.length).toFixed(1)} ms of computing time each`,
    `${count(postings)} postings, ${count(words)} words, ${(bytes / 1e6).toFixed(0)} MB; filled in ${(fillMs / 1000).toFixed(0)} s`,
    "",
  ].join("\n");
}

function percentile(sorted: readonly number[], share: number): string {
  return (sorted[Math.ceil((sorted.length * share) / 100) - 1] ?? 0).toFixed(1);
}
