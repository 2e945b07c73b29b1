import { orders } from "./0001-orders.ts";
import { orderedCarts } from "./0002-ordered-carts.ts";

export const migrations = [orders, orderedCarts];
