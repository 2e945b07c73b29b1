import type { ShippingQuestion, ShippingRate } from "../../../mixins/contract/shipping-rates.ts";
import type { Area } from "../contract/zones.ts";
import type { Destination } from "./areas.ts";
import { zoneFor } from "./areas.ts";
import type { Goods, Method } from "./method.ts";
import { optionOf } from "./method.ts";

/** Times are milliseconds since the Unix epoch. */
export interface Zone {
  readonly id: string;
  /** Null for the mall, whose zones serve the merchants that have none. */
  readonly merchantId: string | null;
  readonly name: string;
  readonly areas: readonly Area[];
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Group = ShippingQuestion["groups"][number];

/**
 * The zone of each group of goods; `none` where neither its merchant nor the mall has zones, undefined where none of
 * them contains the destination.
 */
export function zonesOfGroups(
  groups: readonly Group[],
  zones: readonly Zone[],
  destination: Destination,
): ReadonlyMap<Group, Zone | "none" | undefined> {
  const ofMerchants = Map.groupBy(zones, ({ merchantId }) => merchantId);
  return new Map(
    groups.map((group) => {
      const own = ofMerchants.get(group.merchantId) ?? ofMerchants.get(null);
      return [group, own ? zoneFor(own, destination) : "none"];
    }),
  );
}

/** What is offered for goods by the methods of their zone, in the order to show it. */
export function optionsOf(methods: readonly Method[], goods: Goods, now: number): ShippingRate[] {
  return methods
    .filter(({ enabled }) => enabled)
    .toSorted((one, other) => one.position - other.position || (one.id < other.id ? -1 : 1))
    .flatMap((method) => optionOf(method, goods, now) ?? []);
}
