import { table } from "../../services/operations/console/table.ts";
import type { DatabaseComparison } from "./books.ts";
import type { FaultRun, Result } from "./result.ts";
import { failuresOf } from "./tally.ts";

/** Maximum time until the address has moved and clients get responses again. */
const longestMoveMs = 3000;

const headings = [
  "what happens",
  "requests",
  "sent",
  "failed",
  "how",
  "slowest ms",
  "longest gap ms",
  "address moved ms",
];

/** The tables that are printed. */
export function describe({ episodes, comparison, missed }: Result): string {
  const rows = episodes.flatMap(({ title, kinds, longestGapMs, movedAfterMs }) =>
    Object.entries(kinds)
      .sort(([one], [other]) => other.localeCompare(one))
      .map(([kind, { requests, failures, slowestMs }], index) => {
        const how = Object.entries(failures).map(([failure, count]) => `${count} ${failure}`);
        const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
        const once =
          index === 0
            ? [Math.round(longestGapMs), movedAfterMs === undefined ? null : Math.round(movedAfterMs)]
            : [null, null];
        return [
          index === 0 ? title : "",
          kind,
          requests,
          failed,
          how.join(", "),
          Math.round(slowestMs),
          ...once,
        ];
      }),
  );
  const { additions, answeredAdditions, orders, answeredOrders, faults } = comparison;
  const lines = [
    "",
    table(headings, rows),
    "",
    `In the databases: ${additions} changes without a key were sent, ${answeredAdditions} answered; ${orders} orders were sent, ${answeredOrders} answered.`,
    faults.length === 0 ? "Every acknowledged request took effect, and none twice." : faults.join("\n"),
    "",
    missed.length === 0
      ? "All goals are reached."
      : `Missed:\n${missed.map((line) => `  ${line}`).join("\n")}`,
  ];
  return lines.join("\n");
}

/** @returns the goals that were missed */
export function judge(episodes: readonly FaultRun[], { faults }: DatabaseComparison): string[] {
  const missed = episodes.flatMap((episode) => {
    const failed = episode.noFailures.filter((kind) => failuresOf(episode, kind) > 0);
    const late =
      episode.movedAfterMs !== undefined &&
      Math.max(episode.movedAfterMs, episode.longestGapMs) > longestMoveMs;
    return [
      ...failed.map((kind) => `${episode.title}: ${failuresOf(episode, kind)} ${kind} failed`),
      ...(late ? [`${episode.title}: the address was away for more than ${longestMoveMs} ms`] : []),
    ];
  });
  return [...missed, ...faults];
}
