import { carts } from "./0001-carts.ts";
import { cartCoupons } from "./0002-cart-coupons.ts";

export const migrations = [carts, cartCoupons];
