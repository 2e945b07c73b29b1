import { statistics } from "./0001-statistics.ts";

export const migrations = [statistics];
