import { carts } from "./0001-carts.ts";

export const migrations = [carts];
