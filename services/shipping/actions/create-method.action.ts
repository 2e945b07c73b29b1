import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import type { Method } from "../domain/method.ts";
import { assertSound } from "../domain/method.ts";
import { methodSnapshot, presentMethod } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

const maxMethods = 50;

export const createMethod = action("shipping.methods.create", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { zones, methods, locales } = dependencies;
  const { zoneId, kind, name, description, texts, enabled, position, ...terms } = params;
  const translated = locales.withChanges({}, texts);
  assertSound({ kind, terms });
  return transaction(async (tx) => {
    const zone = await zones.lock(zoneId, merchantFilter(caller, "shipping:manage"), tx);
    if (!zone) throw fail("not-found", "Zone not found");
    if ((await methods.countOf(zoneId, tx)) >= maxMethods)
      throw fail("limit-reached", "The zone has enough methods", { limit: maxMethods });
    const shown = { kind, name, description, texts: translated, enabled, position };
    const times = { version: 1, createdAt: now, updatedAt: now };
    const method: Method = { id: newId(), zoneId, merchantId: zone.merchantId, ...shown, terms, ...times };
    await methods.insert(method, tx);
    tx.publish("shipping.changed", {
      entity: "shipping-method",
      id: method.id,
      merchantId: zone.merchantId,
      change: "created",
      before: null,
      after: methodSnapshot(method),
    });
    return presentMethod(method);
  });
});
