import { defineService } from "../../mixins/shop-service.ts";
import { cancelOrder } from "./actions/cancel-order.action.ts";
import { createCoupon } from "./actions/create-coupon.action.ts";
import { createShipment } from "./actions/create-shipment.action.ts";
import { getCoupon } from "./actions/get-coupon.action.ts";
import { getInvoice } from "./actions/get-invoice.action.ts";
import { getOrder } from "./actions/get-order.action.ts";
import { getShipment } from "./actions/get-shipment.action.ts";
import { getTimeline } from "./actions/get-timeline.action.ts";
import { listCoupons } from "./actions/list-coupons.action.ts";
import { listOrders } from "./actions/list-orders.action.ts";
import { listPayments } from "./actions/list-payments.action.ts";
import { listRefunds } from "./actions/list-refunds.action.ts";
import { listReturns } from "./actions/list-returns.action.ts";
import { listShipments } from "./actions/list-shipments.action.ts";
import { notifyPayment } from "./actions/notify-payment.action.ts";
import { placeOrder } from "./actions/place-order.action.ts";
import { quoteLines } from "./actions/quote-lines.action.ts";
import { recordPayment } from "./actions/record-payment.action.ts";
import { recordRefund } from "./actions/record-refund.action.ts";
import { recordReturn } from "./actions/record-return.action.ts";
import { removeCoupon } from "./actions/remove-coupon.action.ts";
import { retryRefund } from "./actions/retry-refund.action.ts";
import { settleCheckouts } from "./actions/settle-checkouts.action.ts";
import { updateCoupon } from "./actions/update-coupon.action.ts";
import { updateShipment } from "./actions/update-shipment.action.ts";
import { migrations } from "./data/migrations/index.ts";
import { noteDeletedCustomer } from "./events/account-deleted.event.ts";
import { expireUnpaidOrders } from "./jobs/expire-unpaid-orders.job.ts";
import { forgetCustomers } from "./jobs/forget-customers.job.ts";
import { forgetOldKeys } from "./jobs/forget-old-keys.job.ts";
import { giveRefunds } from "./jobs/give-refunds.job.ts";
import { orderMetrics } from "./business-metrics.ts";
import { orders } from "./orders.contract.ts";
import { ordersDependencies } from "./orders.dependencies.ts";
import { sandboxService } from "./payments/sandbox/sandbox-in-the-box.ts";

export default defineService(orders, {
  migrations,
  dependencies: ordersDependencies,
  actions: [
    placeOrder,
    listOrders,
    getOrder,
    getTimeline,
    cancelOrder,
    recordPayment,
    listPayments,
    notifyPayment,
    recordRefund,
    listRefunds,
    retryRefund,
    recordReturn,
    listReturns,
    createShipment,
    listShipments,
    getShipment,
    updateShipment,
    getInvoice,
    quoteLines,
    settleCheckouts,
    listCoupons,
    createCoupon,
    getCoupon,
    updateCoupon,
    removeCoupon,
  ],
  consumers: [noteDeletedCustomer],
  companions: ({ payments: { sandbox }, http }) => (sandbox && !sandbox.url ? [sandboxService(sandbox, http.host)] : []),
  businessMetrics: orderMetrics,
  jobs: [expireUnpaidOrders, giveRefunds, forgetOldKeys, forgetCustomers],
});
