import type { Row } from "../data/bulk-insert.ts";
import type { Filling } from "./filling.ts";

/** Puts rows into the tables of one service, past everything that makes it slow. */
export interface BulkLoader {
  /** Takes the indexes of a table away. @returns how to put them back */
  withoutIndexes(table: string): Promise<() => Promise<void>>;
  load(table: string, rows: readonly Row[]): Promise<void>;
  close(): Promise<void>;
}

const together = 20_000;

/** Fills tables without indexes, and then makes these: sorting once is far quicker than finding a place for each row. */
export async function fillTables(loader: BulkLoader, { tables, count, make }: Filling): Promise<void> {
  const restore: (() => Promise<void>)[] = [];
  for (const table of tables) restore.push(await loader.withoutIndexes(table));
  for (let from = 0; from < count; from += together) {
    const batch = new Map<string, Row[]>();
    for (let index = from; index < Math.min(count, from + together); index += 1)
      for (const [table, rows] of Object.entries(make(index))) {
        const all = batch.get(table);
        if (all) all.push(...rows);
        else batch.set(table, [...rows]);
      }
    for (const [table, rows] of batch) await loader.load(table, rows);
  }
  for (const step of restore) await step();
}
