import { defineService } from "../../mixins/shop-service.ts";
import { getEntry } from "./actions/get-entry.action.ts";
import { listEntries } from "./actions/list-entries.action.ts";
import { audit } from "./audit.contract.ts";
import { auditDependencies } from "./audit.dependencies.ts";
import { migrations } from "./data/migrations/index.ts";
import { recordEverything } from "./events/record-everything.event.ts";

export default defineService(audit, {
  migrations,
  dependencies: auditDependencies,
  actions: [listEntries, getEntry],
  consumers: [recordEverything],
});
