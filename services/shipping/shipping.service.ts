import { defineService } from "../../mixins/service/define-service.ts";
import { anyZone } from "./actions/any-zone.action.ts";
import { createMethod } from "./actions/create-method.action.ts";
import { createZone } from "./actions/create-zone.action.ts";
import { getMethod } from "./actions/get-method.action.ts";
import { getZone } from "./actions/get-zone.action.ts";
import { listMethods } from "./actions/list-methods.action.ts";
import { listZones } from "./actions/list-zones.action.ts";
import { rateGoods } from "./actions/rate-goods.action.ts";
import { removeMethod } from "./actions/remove-method.action.ts";
import { removeZone } from "./actions/remove-zone.action.ts";
import { updateMethod } from "./actions/update-method.action.ts";
import { updateZone } from "./actions/update-zone.action.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { shipping } from "./shipping.contract.ts";
import { shippingDependencies } from "./shipping.dependencies.ts";

export default defineService(shipping, {
  migrations,
  invariants,
  dependencies: shippingDependencies,
  actions: [
    listZones,
    createZone,
    getZone,
    updateZone,
    removeZone,
    anyZone,
    listMethods,
    createMethod,
    getMethod,
    updateMethod,
    removeMethod,
    rateGoods,
  ],
  consumers: [],
  jobs: [],
});
