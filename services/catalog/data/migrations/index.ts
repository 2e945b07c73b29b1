import { catalogue } from "./0001-catalogue.ts";
import { tasks } from "./0002-tasks.ts";
import { termsByProduct } from "./0003-terms-by-product.ts";

export const migrations = [catalogue, tasks, termsByProduct];
