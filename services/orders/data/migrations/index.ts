import { orders } from "./0001-orders.ts";
import { orderedCarts } from "./0002-ordered-carts.ts";
import { coupons } from "./0003-coupons.ts";
import { payments } from "./0004-payments.ts";
import { shipments } from "./0005-shipments.ts";
import { taxRates } from "./0006-tax-rates.ts";
import { orderLists } from "./0007-order-lists.ts";
import { deletedCustomers } from "./0008-deleted-customers.ts";
import { invoiceRenditions } from "./0009-invoice-renditions.ts";
import { unpaidOrders } from "./0010-unpaid-orders.ts";
import { moneyLimits } from "./0011-money-limits.ts";
import { answerDigests } from "./0012-answer-digests.ts";
import { paymentMethods } from "./0013-payment-methods.ts";
import { orderParts } from "./0014-order-parts.ts";
import { receipts } from "./0015-receipts.ts";
import { afterSales } from "./0018-after-sales.ts";
import { lineCategories } from "./0019-line-categories.ts";
import { couponScopes } from "./0020-coupon-scopes.ts";
import { merchantsCoupons } from "./0021-merchants-coupons.ts";
import { couponClaims } from "./0022-coupon-claims.ts";
import { guests } from "./0024-guests.ts";
import { paymentQueries } from "./0025-payment-queries.ts";

export const migrations = [
  orders,
  orderedCarts,
  coupons,
  payments,
  shipments,
  taxRates,
  orderLists,
  deletedCustomers,
  invoiceRenditions,
  unpaidOrders,
  moneyLimits,
  answerDigests,
  paymentMethods,
  orderParts,
  receipts,
  afterSales,
  lineCategories,
  couponScopes,
  merchantsCoupons,
  couponClaims,
  guests,
  paymentQueries,
];
