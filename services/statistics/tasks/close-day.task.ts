import { z } from "zod";
import { day } from "../contract/figures.ts";
import type { By, FigureRow } from "../data/figure-repository.ts";
import { exactPeak } from "../data/exact-peak.ts";
import { noCounts } from "../domain/presence.ts";
import { presentFigures, presentUserCounts } from "../present.ts";
import type { StatisticsDependencies } from "../statistics.dependencies.ts";
import { task } from "../statistics.dependencies.ts";
import { csvOf } from "../write-csv.ts";

const rowsPerBatch = 500;
const parts = ["days", "merchants", "categories", "products"] as const satisfies readonly By[];

/**
 * Closes a day: replaces its peak of users online by the exact one, and writes its figures and a CSV of all its sales.
 * Both are kept. What changes later, such as by a late event, changes the figures but not these.
 */
export const closeDay = task({
  kind: "close-day",
  kept: true,
  params: z.strictObject({ day }),
  checkpoint: z.object({
    fileId: z.string().optional(),
    /** Which of `parts` is being written, and where its next page begins. */
    part: z.int().default(0),
    cursor: z.string().optional(),
    rows: z.int().default(0),
  }),

  async run({ taskId, params, checkpoint, commit }, dependencies) {
    const { presence, calendar, figures, searches, files, currency } = dependencies;
    const period = { from: params.day, to: params.day, merchants: undefined };
    let written = checkpoint;
    if (written.fileId === undefined) {
      const peak = await exactPeak(params.day, presence, calendar);
      await commit(async (tx) => {
        const now = Date.now();
        await presence.setPeak(params.day, peak, tx);
        const fileId = await files.create("result", taskId, now, tx);
        await files.append(fileId, csvOf([], currency, true), now, tx);
        written = { ...checkpoint, fileId };
        return { done: 0, checkpoint: written };
      });
    }
    for (let by = parts[written.part]; by !== undefined; by = parts[written.part]) {
      const request = { limit: rowsPerBatch, cursor: written.cursor, sort: "-revenue", count: false };
      const page = await figures.list(by, period, request);
      const text = csvOf(await named(by, page.items, dependencies), currency, false);
      const { fileId = "", part, rows } = written;
      const next = {
        fileId,
        part: page.nextCursor === null ? part + 1 : part,
        ...(page.nextCursor === null ? {} : { cursor: page.nextCursor }),
        rows: rows + page.items.length,
      };
      await commit(async (tx) => {
        if (text !== "") await files.append(fileId, text, Date.now(), tx);
        return { done: next.rows, checkpoint: next };
      });
      written = next;
    }
    const [{ carts, ...counts } = noCounts] = await presence.countsOf(params.day, params.day);
    return {
      format: "csv",
      day: params.day,
      rows: written.rows,
      sales: presentFigures(await figures.total(period), currency),
      users: presentUserCounts({ ...noCounts, ...counts }),
      carts,
      searches: await searches.total(params.day, params.day),
    };
  },
});

async function named(by: By, rows: readonly FigureRow[], { products }: StatisticsDependencies) {
  const names =
    by === "products" ? await products.namesOf(rows.map(({ id }) => id)) : new Map<string, string>();
  return rows.map((row) => ({ by, about: row.id, name: names.get(row.id) ?? "", figures: row }));
}
