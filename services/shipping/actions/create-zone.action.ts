import { merchantFor } from "../../../mixins/contract/merchant-for.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { assertUntied } from "../domain/check-zone.ts";
import { presentZone, zoneSnapshot } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

const maxZones = 100;

export const createZone = action("shipping.zones.create", async (context, { zones }) => {
  const { params, caller, now, transaction, fail } = context;
  const merchantId = merchantFor(caller, "shipping:manage", params.merchantId);
  const zone = { ...params, merchantId, id: newId(), version: 1, createdAt: now, updatedAt: now };
  await transaction(async (tx) => {
    const others = await zones.lockAllOf(merchantId, tx);
    if (others.length >= maxZones) throw fail("limit-reached", "There are enough zones", { limit: maxZones });
    assertUntied(zone, others);
    await zones.insert(zone, tx);
    tx.publish("shipping.changed", {
      entity: "shipping-zone",
      id: zone.id,
      merchantId,
      change: "created",
      before: null,
      after: zoneSnapshot(zone),
    });
  });
  return presentZone(zone);
});
