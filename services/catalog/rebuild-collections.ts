import type { Origin, Tx } from "../../mixins/database/database.ts";
import type { CatalogDependencies } from "./catalog.dependencies.ts";
import { categoriesOf } from "./domain/collection-rule.ts";
import { rebuildCollection } from "./tasks/rebuild-collection.task.ts";

/** After a category moved: queues the rebuilding of the collections whose rule refers to categories. */
export async function rebuildCollectionsByCategory(
  { collections, tasks }: Pick<CatalogDependencies, "collections" | "tasks">,
  origin: Origin,
  tx: Tx,
): Promise<void> {
  for (const { id, rule } of await collections.byRule(tx))
    if (categoriesOf([rule]).length > 0)
      await tasks.enqueue(rebuildCollection, { collectionId: id }, origin, tx);
}
