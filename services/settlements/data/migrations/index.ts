import { settlements } from "./0001-settlements.ts";

export const migrations = [settlements];
