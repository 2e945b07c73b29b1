import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import { onBatch } from "../catalog.dependencies.ts";
import { rebuildSearchIndex } from "../tasks/rebuild-search-index.task.ts";

type Changed = EventEnvelope<"catalog.changed">;

/** Keeps what an external search engine has to be told; nothing without one. */
export const catalogChanged = onBatch(["catalog.changed"], async (events, tx, dependencies) => {
  const { externalIndex, searchFeed, tasks } = dependencies;
  if (!externalIndex) return;
  const now = Date.now();
  await searchFeed.mark(events.flatMap(productOf), now, tx);
  const variants = events.filter(
    (event) => event.payload.entity === "variant" && productOf(event).length === 0,
  );
  await searchFeed.markVariants(
    variants.map(({ payload }) => payload.id),
    now,
    tx,
  );
  const renamed = events.findLast(isRenaming);
  if (renamed) await tasks.enqueue(rebuildSearchIndex, { requestedAt: now }, renamed, tx);
});

/** None for a changed variant: its event has the changed fields only. */
function productOf({ payload: { entity, id, before, after } }: Changed): string[] {
  if (entity === "product") return [id];
  const productId = entity === "variant" ? (after ?? before)?.["productId"] : undefined;
  return typeof productId === "string" ? [productId] : [];
}

/** Of what many products are found by. */
function isRenaming({ payload: { entity, change, after } }: Changed): boolean {
  const fields = Object.keys(after ?? {});
  return (
    change === "updated" &&
    ["category", "brand", "product-type", "attribute"].includes(entity) &&
    fields.some((field) => ["name", "parentId", "choices"].includes(field) || field.startsWith("texts"))
  );
}
