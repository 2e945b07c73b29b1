import { orders } from "./0001-orders.ts";

export const migrations = [orders];
