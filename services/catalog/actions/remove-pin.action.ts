import { action } from "../catalog.dependencies.ts";
import { pinSnapshot } from "../present-search-tuning.ts";

export const removePin = action("catalog.pins.remove", async (context, { pins }) => {
  const { params, transaction, fail } = context;
  await transaction(async (tx) => {
    const pin = await pins.lock(params.id, tx);
    if (!pin) throw fail("not-found");
    await pins.remove(pin.id, tx);
    tx.publish("catalog.changed", {
      entity: "search-pin",
      id: pin.id,
      change: "removed",
      before: pinSnapshot(pin),
      after: null,
    });
  });
  return null;
});
