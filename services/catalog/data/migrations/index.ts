import { catalogue } from "./0001-catalogue.ts";
import { tasks } from "./0002-tasks.ts";

export const migrations = [catalogue, tasks];
