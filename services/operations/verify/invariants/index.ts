import type { InvariantOfShop, CrossServiceInvariant } from "../across-services.ts";
import type { Shop } from "../databases.ts";
import { afterSalesAreRefunded, claimsAreOfBoughtLines, replacementsAreReserved } from "./after-sales.ts";
import { eventsReachEveryone, ordersAreAudited, refundsAreAudited } from "./audit-trail.ts";
import { sentEventsAreConsumed } from "./delivered-events.ts";
import { reservationsFollowOrders, reservedIsWhatWasOrdered } from "./order-reservations.ts";
import {
  accountsAreAudited,
  apiKeysAreAudited,
  rolesAreAudited,
  sessionsAreAudited,
} from "./audited-accounts.ts";
import { catalogueIsAudited, couponsAreAudited, ordersSayWhatWasPlaced } from "./audited-goods.ts";
import {
  cartsHaveCustomers,
  cartsHoldVariants,
  claimedGuestsAreMoved,
  onlyDeletedAreForgotten,
  ordersHaveCustomers,
} from "./customers.ts";
import { favouritesAreCounted } from "./favourites.ts";
import { catalogueKnowsMerchants, productsAreCounted, sessionsKnowMembers } from "./merchants.ts";
import { orderedGoodsLeaveTheCart } from "./ordered-carts.ts";
import { merchantsShowRatings, ratingsAreCopied } from "./ratings.ts";
import { salesAreSettled } from "./settlements.ts";
import { salesAreCounted, sessionsAreCounted } from "./statistics.ts";

const all: readonly (CrossServiceInvariant | InvariantOfShop)[] = [
  reservationsFollowOrders,
  reservedIsWhatWasOrdered,
  ordersAreAudited,
  refundsAreAudited,
  eventsReachEveryone,
  sentEventsAreConsumed,
  orderedGoodsLeaveTheCart,
  ordersHaveCustomers,
  claimedGuestsAreMoved,
  cartsHaveCustomers,
  cartsHoldVariants,
  onlyDeletedAreForgotten,
  ordersSayWhatWasPlaced,
  accountsAreAudited,
  sessionsAreAudited,
  rolesAreAudited,
  apiKeysAreAudited,
  catalogueIsAudited,
  couponsAreAudited,
  favouritesAreCounted,
  ratingsAreCopied,
  salesAreCounted,
  sessionsAreCounted,
  salesAreSettled,
  sessionsKnowMembers,
  catalogueKnowsMerchants,
  productsAreCounted,
  merchantsShowRatings,
  afterSalesAreRefunded,
  claimsAreOfBoughtLines,
  replacementsAreReserved,
];

/** Invariants across services, as far as these are installed. */
export function crossServiceInvariants(shop: Shop): CrossServiceInvariant[] {
  const installed = new Set(shop.services.map(({ name }) => name));
  return all
    .map((invariant) => (typeof invariant === "function" ? invariant(shop) : invariant))
    .filter(({ of }) => of.every((name) => installed.has(name)));
}
