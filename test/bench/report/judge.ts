import type { Sample, WorkResult } from "../rounds.ts";
import type { Shape } from "../shop.ts";
import type { Goal, Limit, Work } from "../work.ts";

/** Result of a goal. */
export interface Verdict {
  /** For people: `rate ratio ≥ 0.6`. */
  readonly goal: string;
  readonly value: number;
  readonly reached: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1, middle + 1);
  return (low + high) / 2;
}

/** Median over the rounds of the ratio to the other contender in the same round; NaN without another one. */
export function ratio({ samples: [ours, other] }: WorkResult, of: (sample: Sample) => number): number {
  return median(
    (ours?.rounds ?? []).map(
      (sample, round) => of(sample) / (other?.rounds[round] ? of(other.rounds[round]) : Number.NaN),
    ),
  );
}

/** CPU time of all processes of a contender per request, in seconds. */
export function cpuPerRequest(sample: Sample): number {
  return Object.values(sample.cpu).reduce((sum, seconds) => sum + seconds, 0) / sample.requests;
}

export function judge(work: Work, result: WorkResult, shape: Shape): Verdict[] {
  return work.goals.map((goal) => {
    const value = valueOf(goal, result);
    const [atLeast, atMost] = [limitOf(goal.atLeast, shape), limitOf(goal.atMost, shape)];
    const reached = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
    const bounds = [
      atLeast === undefined ? "" : ` ≥ ${atLeast}`,
      atMost === undefined ? "" : ` ≤ ${atMost}`,
    ].join("");
    return { goal: `${goal.of === "figure" ? goal.figure : goal.of}${bounds}`, value, reached };
  });
}

function valueOf(goal: Goal, result: WorkResult): number {
  const ours = result.samples[0]?.rounds ?? [];
  switch (goal.of) {
    case "rate ratio":
      return ratio(result, ({ perSecond }) => perSecond);
    case "p99 ratio":
      return ratio(result, ({ p99Ms }) => p99Ms);
    case "p99 ms":
      return median(ours.map(({ p99Ms }) => p99Ms));
    case "figure":
      return median(
        result.samples.flatMap(({ rounds }) => rounds.flatMap(({ figures }) => figures[goal.figure] ?? [])),
      );
  }
}

function limitOf(limit: Limit | undefined, shape: Shape): number | undefined {
  return typeof limit === "object" ? limit[shape === "embedded" ? "embedded" : "cluster"] : limit;
}
