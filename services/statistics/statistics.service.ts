import { defineService } from "../../mixins/service/define-service.ts";
import { taskHandlers } from "../../mixins/tasks/task-actions.ts";
import { getConversion } from "./actions/get-conversion.action.ts";
import { getOverview } from "./actions/get-overview.action.ts";
import { getUsersOnline } from "./actions/get-users-online.action.ts";
import { listClosedDays } from "./actions/list-closed-days.action.ts";
import { listSalesByCategory } from "./actions/list-sales-by-category.action.ts";
import { listSalesByDay } from "./actions/list-sales-by-day.action.ts";
import { listSalesByMerchant } from "./actions/list-sales-by-merchant.action.ts";
import { listSalesByProduct } from "./actions/list-sales-by-product.action.ts";
import { listSearches } from "./actions/list-searches.action.ts";
import { listUsersByDay } from "./actions/list-users-by-day.action.ts";
import { reportActivity } from "./actions/report-activity.action.ts";
import { reportSales } from "./actions/report-sales.action.ts";
import { startRebuild } from "./actions/start-rebuild.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { copyProducts } from "./events/copy-products.event.ts";
import { countRegistrations } from "./events/count-registrations.event.ts";
import { countSales } from "./events/count-sales.event.ts";
import { countSessions } from "./events/count-sessions.event.ts";
import { closeDays } from "./jobs/close-days.job.ts";
import { expireSessions } from "./jobs/expire-sessions.job.ts";
import { removeOldRows } from "./jobs/remove-old-rows.job.ts";
import { statistics } from "./statistics.contract.ts";
import { statisticsDependencies } from "./statistics.dependencies.ts";
import { closeDay } from "./tasks/close-day.task.ts";
import { rebuildSales } from "./tasks/rebuild-sales.task.ts";

export default defineService(statistics, {
  migrations,
  invariants,
  dependencies: statisticsDependencies,
  actions: [
    getOverview,
    listSalesByDay,
    listSalesByProduct,
    listSalesByCategory,
    listSalesByMerchant,
    reportSales,
    getUsersOnline,
    listUsersByDay,
    getConversion,
    listSearches,
    reportActivity,
    listClosedDays,
    startRebuild,
    ...taskHandlers(statistics, "sales"),
  ],
  // Products first: what a batch tells of a product holds for what it sells.
  consumers: [copyProducts, countSessions, countRegistrations, countSales],
  jobs: [expireSessions, closeDays, removeOldRows],
  tasks: [closeDay, rebuildSales],
});
