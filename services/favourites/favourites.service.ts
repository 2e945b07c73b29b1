import { defineService } from "../../mixins/service/define-service.ts";
import { addProduct } from "./actions/add-product.action.ts";
import { changeProduct } from "./actions/change-product.action.ts";
import { getProduct } from "./actions/get-product.action.ts";
import { listOwners } from "./actions/list-owners.action.ts";
import { listProducts } from "./actions/list-products.action.ts";
import { removeProduct } from "./actions/remove-product.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { accountDeleted } from "./events/account-deleted.event.ts";
import { favourites } from "./favourites.contract.ts";
import { favouritesDependencies } from "./favourites.dependencies.ts";
import { publishCounts } from "./jobs/publish-counts.job.ts";
import { repairCounts } from "./jobs/repair-counts.job.ts";

export default defineService(favourites, {
  migrations,
  invariants,
  dependencies: favouritesDependencies,
  actions: [listProducts, getProduct, addProduct, changeProduct, removeProduct, listOwners],
  consumers: [accountDeleted],
  jobs: [publishCounts, repairCounts],
});
