import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { action } from "../catalog.dependencies.ts";
import { takenFields } from "../present.ts";
import { foldedQuery, pinSnapshot, presentPin } from "../present-search-tuning.ts";

export const updatePin = action("catalog.pins.update", async (context, { pins, products }) => {
  const { params, now, transaction, fail } = context;
  return transaction(async (tx) => {
    // Products before the pin, in the order in which removing a product locks them.
    const chosen = params.productIds ?? [];
    const there = await products.lockAll(chosen, tx);
    const pin = await pins.lock(params.id, tx);
    if (!pin) throw fail("not-found");
    assertVersion(pin, params);
    const missing = chosen.find((id) => !there.has(id));
    if (missing !== undefined) throw fail("not-found", "Product not found", { productId: missing });

    const query = params.query === undefined ? pin.query : foldedQuery(params.query);
    const wanted = { ...pin, query, productIds: params.productIds ?? pin.productIds };
    const differing = difference(pinSnapshot(pin), pinSnapshot(wanted));
    if (!differing) return presentPin(pin);
    const changed = { ...wanted, version: pin.version + 1, updatedAt: now };
    if (!(await pins.update(changed, tx))) throw fail("already-exists", undefined, takenFields("query"));
    tx.publish("catalog.changed", { entity: "search-pin", id: pin.id, change: "updated", ...differing });
    return presentPin(changed);
  });
});
