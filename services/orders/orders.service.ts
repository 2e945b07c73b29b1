import { defineService } from "../../mixins/service/define-service.ts";
import { authoriseAfterSale } from "./actions/authorise-after-sale.action.ts";
import { getAfterSaleGoods } from "./actions/get-after-sale-goods.action.ts";
import { settleAfterSale } from "./actions/settle-after-sale.action.ts";
import { approve } from "./actions/approve.action.ts";
import { cancelOrder } from "./actions/cancel-order.action.ts";
import { changePaymentMethod } from "./actions/change-payment-method.action.ts";
import { chargePaymentMethod } from "./actions/charge-payment-method.action.ts";
import { claimCoupon } from "./actions/claim-coupon.action.ts";
import { createCoupon } from "./actions/create-coupon.action.ts";
import { createShipment } from "./actions/create-shipment.action.ts";
import { getCoupon } from "./actions/get-coupon.action.ts";
import { countOrders } from "./actions/count-orders.action.ts";
import { getPart } from "./actions/get-part.action.ts";
import { listParts } from "./actions/list-parts.action.ts";
import { getInvoice } from "./actions/get-invoice.action.ts";
import { getOrder } from "./actions/get-order.action.ts";
import { getPaymentSetup } from "./actions/get-payment-setup.action.ts";
import { getShipment } from "./actions/get-shipment.action.ts";
import { getTimeline } from "./actions/get-timeline.action.ts";
import { listApprovals } from "./actions/list-approvals.action.ts";
import { listClaimedCoupons } from "./actions/list-claimed-coupons.action.ts";
import { listCouponOffers } from "./actions/list-coupon-offers.action.ts";
import { listCoupons } from "./actions/list-coupons.action.ts";
import { listOrders } from "./actions/list-orders.action.ts";
import { listPaymentMethods } from "./actions/list-payment-methods.action.ts";
import { listPayments } from "./actions/list-payments.action.ts";
import { listRefunds } from "./actions/list-refunds.action.ts";
import { listReturns } from "./actions/list-returns.action.ts";
import { listSales } from "./actions/list-sales.action.ts";
import { listShipments } from "./actions/list-shipments.action.ts";
import { notifyPayment } from "./actions/notify-payment.action.ts";
import { placeOrder } from "./actions/place-order.action.ts";
import { quoteLines } from "./actions/quote-lines.action.ts";
import { recordPayment } from "./actions/record-payment.action.ts";
import { holdReceipt } from "./actions/hold-receipt.action.ts";
import { recordReceipt } from "./actions/record-receipt.action.ts";
import { recordRefund } from "./actions/record-refund.action.ts";
import { recordReturn } from "./actions/record-return.action.ts";
import { releaseReceipt } from "./actions/release-receipt.action.ts";
import { removeCoupon } from "./actions/remove-coupon.action.ts";
import { removePaymentMethod } from "./actions/remove-payment-method.action.ts";
import { retryRefund } from "./actions/retry-refund.action.ts";
import { settleCheckouts } from "./actions/settle-checkouts.action.ts";
import { startPaymentSetup } from "./actions/start-payment-setup.action.ts";
import { updateCoupon } from "./actions/update-coupon.action.ts";
import { updateShipment } from "./actions/update-shipment.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { noteDeletedCustomer } from "./events/account-deleted.event.ts";
import { detachPaymentMethods } from "./jobs/detach-payment-methods.job.ts";
import { moveGuestsOrders } from "./events/guest-claimed.event.ts";
import { noteDeletedGuest } from "./events/guest-deleted.event.ts";
import { expireUnpaidOrders } from "./jobs/expire-unpaid-orders.job.ts";
import { anonymiseCustomers } from "./jobs/anonymise-customers.job.ts";
import { removeOldKeys } from "./jobs/remove-old-keys.job.ts";
import { markReviewedLine } from "./events/review-created.event.ts";
import { completeParts } from "./jobs/complete-parts.job.ts";
import { queryPayments } from "./jobs/query-payments.job.ts";
import { settlePaymentSetups } from "./jobs/settle-payment-setups.job.ts";
import { confirmReceipts } from "./jobs/confirm-receipts.job.ts";
import { executeRefunds } from "./jobs/execute-refunds.job.ts";
import { orderMetrics } from "./business-metrics.ts";
import { orders } from "./orders.contract.ts";
import { ordersDependencies } from "./orders.dependencies.ts";
import { setUpProviders } from "./payments/open-providers.ts";

export default defineService(orders, {
  migrations,
  invariants,
  dependencies: ordersDependencies,
  checkSettings: (config) => void setUpProviders(config),
  release: ({ providers }) => providers.close(),
  actions: [
    placeOrder,
    listOrders,
    getOrder,
    countOrders,
    getTimeline,
    listParts,
    getPart,
    cancelOrder,
    recordPayment,
    listPayments,
    notifyPayment,
    chargePaymentMethod,
    listPaymentMethods,
    startPaymentSetup,
    getPaymentSetup,
    changePaymentMethod,
    removePaymentMethod,
    recordRefund,
    listRefunds,
    retryRefund,
    recordReturn,
    listReturns,
    createShipment,
    listShipments,
    getShipment,
    updateShipment,
    recordReceipt,
    holdReceipt,
    releaseReceipt,
    getInvoice,
    quoteLines,
    settleCheckouts,
    listCoupons,
    createCoupon,
    getCoupon,
    updateCoupon,
    removeCoupon,
    listCouponOffers,
    claimCoupon,
    listClaimedCoupons,
    listSales,
    listApprovals,
    approve,
    getAfterSaleGoods,
    authoriseAfterSale,
    settleAfterSale,
  ],
  consumers: [noteDeletedCustomer, moveGuestsOrders, noteDeletedGuest, markReviewedLine],
  businessMetrics: orderMetrics,
  jobs: [
    expireUnpaidOrders,
    completeParts,
    executeRefunds,
    queryPayments,
    settlePaymentSetups,
    detachPaymentMethods,
    confirmReceipts,
    removeOldKeys,
    anonymiseCustomers,
  ],
});
