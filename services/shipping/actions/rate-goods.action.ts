import { optionsOf, zonesOfGroups } from "../domain/rate-groups.ts";
import { action } from "../shipping.dependencies.ts";

/** Fulfils the role `shipping.rates` by zones and methods. */
export const rateGoods = action("shipping.rates", async ({ params, now }, { zones, methods, locales }) => {
  const { groups, destination, locale } = params;
  const merchantIds = groups.flatMap(({ merchantId }) => merchantId ?? []);
  const zoneOf = zonesOfGroups(groups, await zones.ofMerchants(merchantIds), destination);
  const ids = new Set([...zoneOf.values()].flatMap((zone) => (zone && zone !== "none" ? [zone.id] : [])));
  const localized = (await methods.ofZones([...ids])).map((method) => locales.localized(method, locale));
  const ofZone = Map.groupBy(localized, ({ zoneId }) => zoneId);
  return {
    groups: groups.map((group) => {
      const zone = zoneOf.get(group);
      if (zone === "none") return { merchantId: group.merchantId, options: null };
      return {
        merchantId: group.merchantId,
        options: zone ? optionsOf(ofZone.get(zone.id) ?? [], group, now) : [],
      };
    }),
  };
});
