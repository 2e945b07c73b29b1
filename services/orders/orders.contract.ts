import { defineContract } from "../../mixins/contract/contract.ts";
import { afterSalesActions } from "./contract/after-sales.ts";
import { approvalActions, approvalEvents } from "./contract/approvals.ts";
import { couponClaimActions } from "./contract/coupon-claims.ts";
import { couponActions, couponEvents } from "./contract/coupons.ts";
import { invoiceActions } from "./contract/invoices.ts";
import { orderEvents } from "./contract/order-events.ts";
import { orderActions } from "./contract/orders.ts";
import { orderPartActions } from "./contract/order-parts.ts";
import { paymentActions, paymentEvents } from "./contract/payments.ts";
import { paymentMethodActions, paymentMethodEvents } from "./contract/payment-methods.ts";
import { receiptActions, receiptEvents } from "./contract/receipts.ts";
import { refundActions, refundEvents } from "./contract/refunds.ts";
import { returnActions, returnEvents } from "./contract/returns.ts";
import { salesActions } from "./contract/sales.ts";
import { shipmentActions, shipmentEvents } from "./contract/shipments.ts";

export type { CouponRefusal } from "./contract/coupons.ts";
export { couponCode, couponOutcome } from "./contract/coupons.ts";
export { orderStatuses, pricedPart } from "./contract/orders.ts";

export const orders = defineContract({
  name: "orders",
  summary: "Checkout and orders",
  needs: ["cart", "catalog", "users"],
  consumes: ["users.account-deleted", "users.guest-claimed", "users.guest-deleted", "reviews.created"],
  actions: {
    ...orderActions,
    ...paymentActions,
    ...paymentMethodActions,
    ...refundActions,
    ...returnActions,
    ...shipmentActions,
    ...receiptActions,
    ...orderPartActions,
    ...invoiceActions,
    ...approvalActions,
    ...afterSalesActions,
    ...couponActions,
    ...couponClaimActions,
    ...salesActions,
  },
  events: {
    ...orderEvents,
    ...couponEvents,
    ...paymentEvents,
    ...paymentMethodEvents,
    ...refundEvents,
    ...shipmentEvents,
    ...receiptEvents,
    ...returnEvents,
    ...approvalEvents,
  },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    orders: typeof orders;
  }
}
