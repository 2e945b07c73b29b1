import type { Database, SqlValue } from "./database.ts";

/**
 * A condition of a list that has an index of its own: search for a word, a category, a range of prices. Few rows meet it or
 * many, and that decides how the list is best read; see `listPage`.
 */
export interface Narrowing {
  /** What follows FROM to find the rows that meet it; its names are none of the list's. */
  readonly from: string;
  /** There, the id of such a row. */
  readonly id: string;
  /** Whether a row can be found more than once. */
  readonly repeats?: boolean;
  readonly condition: string;
  readonly values: readonly SqlValue[];
  /** Says of one row of the list whether it meets it, by no index that the list could be read along. */
  readonly probe: string;
  readonly probeValues: readonly SqlValue[];
}

/** Selects the ids of the rows that meet it as `found_id`, each once. */
export function idsOf({ from, id, condition, repeats = false }: Narrowing): string {
  // Where it is not needed, DISTINCT would only tempt a database to read along the index of the ids.
  return `SELECT ${repeats ? "DISTINCT " : ""}${id} AS found_id FROM ${from} WHERE ${condition}`;
}

/** Rows that meet several narrowings are looked for among those of one, so that fewer of them count as few. */
const fewerOfSeveral = 4;

/**
 * What tells the rows that meet all narrowings, if they are few: the one that fewest meet, or all of them together. It looks no further
 * than it must to know that they are many.
 */
export async function narrowest(
  database: Database,
  narrowings: readonly Narrowing[],
  list: { readonly from: string; readonly idColumn: string },
  few: number,
): Promise<Narrowing | undefined> {
  const [first, ...others] = narrowings;
  if (!first) return undefined;
  const counts = await count(database, narrowings, few);
  const least = Math.min(...counts);
  if (least < few) return narrowings[counts.indexOf(least)];
  if (others.length === 0) return undefined;
  const all = together(first, others, list, database.joinInOrder);
  const enough = Math.ceil(few / fewerOfSeveral);
  const [ofAll = enough] = await count(database, [all], enough);
  return ofAll < enough ? all : undefined;
}

async function count(database: Database, narrowings: readonly Narrowing[], limit: number): Promise<number[]> {
  const counted = narrowings.map(
    ({ from, condition }, index) => `(SELECT COUNT(*) FROM (SELECT 1 FROM ${from} WHERE ${condition} LIMIT ?) counted) AS n${index}`,
  );
  const values = narrowings.flatMap(({ values: its }) => [...its, limit]);
  const [row = {}] = await database.select<Record<string, number>>(`SELECT ${counted.join(", ")}`, values);
  return narrowings.map((_, index) => row[`n${index}`] ?? limit);
}

function together(first: Narrowing, others: readonly Narrowing[], list: { readonly from: string; readonly idColumn: string }, join: string): Narrowing {
  const probes = others.map(({ probe }) => probe);
  return {
    from: `${first.from} ${join} ${list.from} ON ${list.idColumn} = ${first.id}`,
    id: first.id,
    repeats: first.repeats ?? false,
    condition: [first.condition, ...probes].join(" AND "),
    values: [...first.values, ...others.flatMap(({ probeValues }) => probeValues)],
    probe: [first.probe, ...probes].join(" AND "),
    probeValues: [first, ...others].flatMap(({ probeValues }) => probeValues),
  };
}
