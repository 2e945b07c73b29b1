import { catalogue } from "./0001-catalogue.ts";

export const migrations = [catalogue];
