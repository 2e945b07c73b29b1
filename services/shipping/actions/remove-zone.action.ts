import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { zoneSnapshot } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const removeZone = action("shipping.zones.remove", async (context, { zones }) => {
  const { params, caller, transaction, fail } = context;
  await transaction(async (tx) => {
    const zone = await zones.lock(params.id, merchantFilter(caller, "shipping:manage"), tx);
    if (!zone) throw fail("not-found");
    assertVersion(zone, params);
    await zones.remove(zone.id, tx);
    const { id, merchantId } = zone;
    const before = zoneSnapshot(zone);
    tx.publish("shipping.changed", {
      entity: "shipping-zone",
      id,
      merchantId,
      change: "removed",
      before,
      after: null,
    });
  });
  return null;
});
