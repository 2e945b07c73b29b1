import { defineService } from "../../mixins/service/define-service.ts";
import { addItem } from "./actions/add-item.action.ts";
import { adoptCart } from "./actions/adopt-cart.action.ts";
import { applyCoupon } from "./actions/apply-coupon.action.ts";
import { changeItem } from "./actions/change-item.action.ts";
import { claimCart } from "./actions/claim-cart.action.ts";
import { createCart } from "./actions/create-cart.action.ts";
import { getCart } from "./actions/get-cart.action.ts";
import { quoteCart } from "./actions/quote-cart.action.ts";
import { removeCart } from "./actions/remove-cart.action.ts";
import { removeCoupon } from "./actions/remove-coupon.action.ts";
import { removeItem } from "./actions/remove-item.action.ts";
import { snapshotCart } from "./actions/snapshot-cart.action.ts";
import { cart } from "./cart.contract.ts";
import { cartDependencies } from "./cart.dependencies.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { removeCartOfDeletedAccount } from "./events/account-deleted.event.ts";
import { removeOrderedItems } from "./events/orders-placed.event.ts";
import { removeExpiredCarts } from "./jobs/remove-expired-carts.job.ts";
import { reportCarts } from "./jobs/report-carts.job.ts";

export default defineService(cart, {
  migrations,
  invariants,
  dependencies: cartDependencies,
  actions: [
    createCart,
    getCart,
    removeCart,
    claimCart,
    addItem,
    changeItem,
    removeItem,
    applyCoupon,
    removeCoupon,
    quoteCart,
    snapshotCart,
    adoptCart,
  ],
  consumers: [removeOrderedItems, removeCartOfDeletedAccount],
  jobs: [removeExpiredCarts, reportCarts],
});
