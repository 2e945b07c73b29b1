import { defineService } from "../../mixins/shop-service.ts";
import { cancelTask } from "./actions/cancel-task.action.ts";
import { changeStock } from "./actions/change-stock.action.ts";
import { createCategory } from "./actions/create-category.action.ts";
import { createProduct } from "./actions/create-product.action.ts";
import { createVariant } from "./actions/create-variant.action.ts";
import { findVariant } from "./actions/find-variant.action.ts";
import { getCategory } from "./actions/get-category.action.ts";
import { getProduct } from "./actions/get-product.action.ts";
import { getStock } from "./actions/get-stock.action.ts";
import { getTaskResult } from "./actions/get-task-result.action.ts";
import { getTask } from "./actions/get-task.action.ts";
import { getVariant } from "./actions/get-variant.action.ts";
import { listCategories } from "./actions/list-categories.action.ts";
import { listProducts } from "./actions/list-products.action.ts";
import { listStockMovements } from "./actions/list-stock-movements.action.ts";
import { listTasks } from "./actions/list-tasks.action.ts";
import { listVariants } from "./actions/list-variants.action.ts";
import { lookUpVariants } from "./actions/look-up-variants.action.ts";
import { releaseStock } from "./actions/release-stock.action.ts";
import { removeCategory } from "./actions/remove-category.action.ts";
import { removeProduct } from "./actions/remove-product.action.ts";
import { removeVariant } from "./actions/remove-variant.action.ts";
import { reserveStock } from "./actions/reserve-stock.action.ts";
import { seedDemo } from "./actions/seed-demo.action.ts";
import { startExport } from "./actions/start-export.action.ts";
import { startImport } from "./actions/start-import.action.ts";
import { updateCategory } from "./actions/update-category.action.ts";
import { updateProduct } from "./actions/update-product.action.ts";
import { updateVariant } from "./actions/update-variant.action.ts";
import { catalog } from "./catalog.contract.ts";
import { catalogDependencies } from "./catalog.dependencies.ts";
import { migrations } from "./data/migrations/index.ts";
import { orderCancelled } from "./events/order-cancelled.event.ts";
import { orderExpired } from "./events/order-expired.event.ts";
import { orderPaid } from "./events/order-paid.event.ts";
import { ordersPlaced } from "./events/orders-placed.event.ts";
import { orderReturned } from "./events/order-returned.event.ts";
import { lockForEvents } from "./events/lock-for-events.ts";
import { removeOldTasks } from "./jobs/remove-old-tasks.job.ts";
import { settleOverdueReservations } from "./jobs/settle-overdue-reservations.job.ts";
import { exportProducts } from "./tasks/export-products.task.ts";
import { importProducts } from "./tasks/import-products.task.ts";

export default defineService(catalog, {
  migrations,
  dependencies: catalogDependencies,
  actions: [
    listCategories,
    getCategory,
    createCategory,
    updateCategory,
    removeCategory,
    listProducts,
    getProduct,
    createProduct,
    updateProduct,
    removeProduct,
    listVariants,
    getVariant,
    createVariant,
    updateVariant,
    removeVariant,
    lookUpVariants,
    findVariant,
    getStock,
    changeStock,
    listStockMovements,
    reserveStock,
    releaseStock,
    seedDemo,
    startImport,
    startExport,
    listTasks,
    getTask,
    cancelTask,
    getTaskResult,
  ],
  consumers: [ordersPlaced, orderPaid, orderCancelled, orderExpired, orderReturned],
  lockForEvents,
  jobs: [settleOverdueReservations],
  schedules: [removeOldTasks],
  tasks: [importProducts, exportProducts],
});
