import { merchants } from "./0001-merchants.ts";
import { ratings } from "./0002-ratings.ts";

export const migrations = [merchants, ratings];
