import type { EventEnvelope } from "../../../mixins/events/envelope.ts";
import type { ProductNews } from "../data/product-repository.ts";
import { onBatch } from "../statistics.dependencies.ts";

/** Copies the names and categories of products, so that no sale has to ask the catalogue. */
export const copyProducts = onBatch(["catalog.changed"], async (events, tx, { products }) => {
  await products.put(events.flatMap(newsOf), tx);
});

/** None unless the name or the category of a product changed. A removed product keeps what it was last. */
function newsOf({ id: eventId, payload }: EventEnvelope<"catalog.changed">): ProductNews[] {
  const { entity, id: productId, change, after } = payload;
  if (entity !== "product" || change === "removed" || !after) return [];
  const { name, categoryId } = after;
  const news = {
    name: typeof name === "string" ? name : undefined,
    categoryId: Object.hasOwn(after, "categoryId")
      ? typeof categoryId === "string"
        ? categoryId
        : ""
      : undefined,
  };
  return news.name === undefined && news.categoryId === undefined ? [] : [{ productId, eventId, ...news }];
}
