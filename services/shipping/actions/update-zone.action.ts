import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { difference } from "../../../mixins/contract/changes.ts";
import { assertVersion } from "../../../mixins/contract/if-match.ts";
import { assertUntied } from "../domain/check-zone.ts";
import { presentZone, zoneSnapshot } from "../present.ts";
import { action } from "../shipping.dependencies.ts";

export const updateZone = action("shipping.zones.update", async (context, { zones }) => {
  const { params, caller, now, transaction, fail } = context;
  const among = merchantFilter(caller, "shipping:manage");
  return transaction(async (tx) => {
    const known = await zones.byId(params.id, among, tx);
    if (!known) throw fail("not-found");
    const all = await zones.lockAllOf(known.merchantId, tx);
    const zone = all.find(({ id }) => id === params.id);
    if (!zone) throw fail("not-found");
    assertVersion(zone, params);
    const wanted = { ...zone, name: params.name ?? zone.name, areas: params.areas ?? zone.areas };
    const differing = difference(zoneSnapshot(zone), zoneSnapshot(wanted));
    if (!differing) return presentZone(zone);
    assertUntied(wanted, all);
    const changed = { ...wanted, version: zone.version + 1, updatedAt: now };
    if (!(await zones.update(changed, tx))) throw fail("precondition-failed");
    const { id, merchantId } = zone;
    tx.publish("shipping.changed", {
      entity: "shipping-zone",
      id,
      merchantId,
      change: "updated",
      ...differing,
    });
    return presentZone(changed);
  });
});
