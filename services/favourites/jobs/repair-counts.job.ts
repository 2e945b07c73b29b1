import { job } from "../favourites.dependencies.ts";

const batch = 500;

/** Recounts, for favourites that nodes of an earlier version added without counting during an upgrade. */
export const repairCounts = job({
  name: "repair-counts",
  once: "node",
  every: () => 600_000,
  async run({ transaction, log }, { counts }) {
    const scans = [
      (after: string) => counts.uncounted(after, batch),
      (after: string) => counts.miscounted(after, batch),
    ];
    for (const scan of scans)
      for (let after: string | undefined = ""; after !== undefined;) {
        const { ids, last }: Awaited<ReturnType<typeof scan>> = await scan(after);
        for (const id of ids)
          if (await transaction((tx) => counts.recount(id, tx)))
            log.warn(`recounted the favourites of product ${id}`);
        after = last;
      }
  },
});
