import { z } from "zod";
import { id } from "../../../mixins/contract/ids.ts";
import type { ImportPlan } from "../domain/import-plan.ts";
import type { RowError } from "../domain/import-row.ts";
import type { ImageOutcome } from "./import-images.ts";

/** Number of row errors kept; all are counted. */
const maxErrors = 1000;

const count = z.int().default(0);
const rowError = z.object({ row: z.int(), field: z.string(), code: z.string(), message: z.string() });

/** Progress of an import. Without the queue, it is the final report. */
export const importProgress = z.object({
  rows: count,
  created: count,
  updated: count,
  unchanged: count,
  failed: count,
  /** Those that rows name: `known` ones the product had. */
  images: z.object({ added: count, known: count, failed: count }).prefault({}),
  errors: z.array(rowError).default([]),
  /** The images of imported rows, and how many rows of them are done. */
  queue: z.object({ fileId: id, rows: z.int(), done: z.int() }).optional(),
});

export type ImportProgress = z.output<typeof importProgress>;

/** What became of a batch of rows. */
export type RowsOutcome = Pick<ImportPlan, "outcomes" | "errors">;

export function withRows(
  sofar: ImportProgress,
  rows: number,
  { outcomes, errors }: RowsOutcome,
): ImportProgress {
  return {
    ...sofar,
    rows: sofar.rows + rows,
    created: sofar.created + outcomes.created,
    updated: sofar.updated + outcomes.updated,
    unchanged: sofar.unchanged + outcomes.unchanged,
    failed: sofar.failed + outcomes.failed,
    errors: withErrors(sofar, errors),
  };
}

export function withImages(
  sofar: ImportProgress,
  queue: NonNullable<ImportProgress["queue"]>,
  outcomes: readonly ImageOutcome[],
): ImportProgress {
  const sum = (count: (outcome: ImageOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const { added, known, failed } = sofar.images;
  return {
    ...sofar,
    images: {
      added: added + sum((outcome) => outcome.added),
      known: known + sum((outcome) => outcome.known),
      failed: failed + sum((outcome) => outcome.errors.length),
    },
    errors: withErrors(
      sofar,
      outcomes.flatMap(({ errors }) => errors),
    ),
    queue: { ...queue, done: queue.done + outcomes.length },
  };
}

function withErrors(sofar: ImportProgress, errors: readonly RowError[]): RowError[] {
  return [...sofar.errors, ...errors].slice(0, maxErrors);
}
