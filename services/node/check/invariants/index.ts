import type { SharedInvariant } from "../across-services.ts";
import { eventsReachEveryone, ordersAreAudited, refundsAreAudited } from "./audit-trail.ts";
import { reservationsFollowOrders, reservedIsWhatWasOrdered } from "./order-reservations.ts";
import { orderedGoodsLeaveTheCart } from "./ordered-carts.ts";

/** What the data of several services together always come to. */
export const sharedInvariants: readonly SharedInvariant[] = [
  reservationsFollowOrders,
  reservedIsWhatWasOrdered,
  ordersAreAudited,
  refundsAreAudited,
  eventsReachEveryone,
  orderedGoodsLeaveTheCart,
];
