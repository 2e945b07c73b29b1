import { defineService } from "../../mixins/shop-service.ts";
import { cancelTask } from "./actions/cancel-task.action.ts";
import { getEntry } from "./actions/get-entry.action.ts";
import { getTaskResult } from "./actions/get-task-result.action.ts";
import { getTask } from "./actions/get-task.action.ts";
import { listEntries } from "./actions/list-entries.action.ts";
import { listTasks } from "./actions/list-tasks.action.ts";
import { removeOldEntriesNow } from "./actions/remove-old-entries.action.ts";
import { startExport } from "./actions/start-export.action.ts";
import { verifyTrail } from "./actions/verify-trail.action.ts";
import { audit } from "./audit.contract.ts";
import { auditDependencies } from "./audit.dependencies.ts";
import { migrations } from "./data/migrations/index.ts";
import { recordEverything } from "./events/record-everything.event.ts";
import { anchorTrail } from "./jobs/anchor-trail.job.ts";
import { removeOldEntriesByAge } from "./jobs/remove-old-entries.job.ts";
import { removeOldExports } from "./jobs/remove-old-exports.job.ts";
import { exportTrail } from "./tasks/export-trail.task.ts";

export default defineService(audit, {
  migrations,
  dependencies: auditDependencies,
  actions: [listEntries, getEntry, verifyTrail, removeOldEntriesNow, startExport, listTasks, getTask, cancelTask, getTaskResult],
  consumers: [recordEverything],
  schedules: [anchorTrail, removeOldEntriesByAge, removeOldExports],
  tasks: [exportTrail],
});
