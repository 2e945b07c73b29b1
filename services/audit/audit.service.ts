import { defineService } from "../../mixins/service/define-service.ts";
import { startTask, taskHandlers } from "../../mixins/tasks/task-actions.ts";
import { getEntry } from "./actions/get-entry.action.ts";
import { listEntries } from "./actions/list-entries.action.ts";
import { removeOldEntriesNow } from "./actions/remove-old-entries.action.ts";
import { reportSecurityEvents } from "./actions/report-security-events.action.ts";
import { verifyTrail } from "./actions/verify-trail.action.ts";
import { audit } from "./audit.contract.ts";
import { auditDependencies } from "./audit.dependencies.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { recordEvents } from "./events/record-events.event.ts";
import { anchorTrail } from "./jobs/anchor-trail.job.ts";
import { removeOldEntriesByAge } from "./jobs/remove-old-entries.job.ts";
import { exportTrail } from "./tasks/export-trail.task.ts";

export default defineService(audit, {
  migrations,
  invariants,
  dependencies: auditDependencies,
  actions: [
    listEntries,
    getEntry,
    verifyTrail,
    removeOldEntriesNow,
    reportSecurityEvents,
    startTask("audit.exports.start", exportTrail),
    ...taskHandlers(audit, "audit"),
  ],
  consumers: [recordEvents],
  jobs: [anchorTrail, removeOldEntriesByAge],
  tasks: [exportTrail],
});
