import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../catalog.dependencies.ts";
import { maxPins } from "../data/pin-repository.ts";
import { takenFields } from "../present.ts";
import { foldedQuery, pinSnapshot, presentPin } from "../present-search-tuning.ts";

export const createPin = action("catalog.pins.create", async (context, { pins, products }) => {
  const { params, now, transaction, fail } = context;
  const { productIds } = params;
  const query = foldedQuery(params.query);
  const pin = { id: newId(), query, productIds, version: 1, createdAt: now, updatedAt: now };
  await transaction(async (tx) => {
    if (await pins.isFull(tx)) throw fail("limit-reached", undefined, { limit: maxPins });
    const there = await products.lockAll(productIds, tx);
    const missing = productIds.find((id) => !there.has(id));
    if (missing !== undefined) throw fail("not-found", "Product not found", { productId: missing });
    if (!(await pins.insert(pin, tx))) throw fail("already-exists", undefined, takenFields("query"));
    tx.publish("catalog.changed", {
      entity: "search-pin",
      id: pin.id,
      change: "created",
      before: null,
      after: pinSnapshot(pin),
    });
  });
  return presentPin(pin);
});
