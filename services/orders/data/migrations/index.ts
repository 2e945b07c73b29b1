import { orders } from "./0001-orders.ts";
import { orderedCarts } from "./0002-ordered-carts.ts";
import { coupons } from "./0003-coupons.ts";
import { payments } from "./0004-payments.ts";
import { shipments } from "./0005-shipments.ts";
import { taxRates } from "./0006-tax-rates.ts";
import { orderLists } from "./0007-order-lists.ts";
import { deletedCustomers } from "./0008-deleted-customers.ts";

export const migrations = [orders, orderedCarts, coupons, payments, shipments, taxRates, orderLists, deletedCustomers];
