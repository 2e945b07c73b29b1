import { afterSales } from "./0001-after-sales.ts";

export const migrations = [afterSales];
