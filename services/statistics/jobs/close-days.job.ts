import { newId } from "../../../mixins/contract/ids.ts";
import { addDays } from "../domain/day.ts";
import { closingGraceMs } from "../late-days.ts";
import { job } from "../statistics.dependencies.ts";
import { closeDay } from "../tasks/close-day.task.ts";

/** Missed days that one run makes up for. */
const maxDaysAtOnce = 31;

/**
 * Queues a task for each day that is over and has none, and another for each whose task failed or whose events came late. Days on which no node
 * ran are made up for. The day's row is unique, so each day has one task, in the whole cluster.
 */
export const closeDays = job({
  name: "close-days",
  once: "cluster",
  every: ({ sweepIntervalMs }) => Math.max(sweepIntervalMs, 60_000),
  async run({ now, transaction }, { closedDays, calendar, tasks }) {
    const origin = () => ({
      actor: { kind: "system", id: "statistics.close-days" } as const,
      requestId: newId(),
    });
    const { countedFrom } = await closedDays.progress();
    const last = await closedDays.last();
    const today = calendar.dayOf(now - closingGraceMs);
    let day = last === undefined ? calendar.dayOf(countedFrom) : addDays(last, 1);
    for (let days = 0; day < today && days < maxDaysAtOnce; days += 1) {
      const closing = day;
      await transaction(async (tx) => {
        const task = await tasks.enqueue(closeDay, { day: closing }, origin(), tx);
        if (!(await closedDays.claim(closing, task.id, tx)))
          throw new Error(`${closing} is being closed already`);
      });
      day = addDays(day, 1);
    }
    for (const { day: again, taskId: before } of await closedDays.toCloseAgain(maxDaysAtOnce))
      await transaction(async (tx) => {
        const task = await tasks.enqueue(closeDay, { day: again }, origin(), tx);
        if (!(await closedDays.reclaim(again, { before, taskId: task.id }, tx)))
          throw new Error(`${again} is being closed already`);
      });
  },
});
