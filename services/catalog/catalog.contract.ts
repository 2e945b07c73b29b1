import { defineContract } from "../../mixins/contract/contract.ts";
import { brandActions } from "./contract/brands.ts";
import { attributeActions } from "./contract/attributes.ts";
import { categoryActions } from "./contract/categories.ts";
import { collectionActions } from "./contract/collections.ts";
import { productTypeActions } from "./contract/product-types.ts";
import { catalogueEvents } from "./contract/events.ts";
import { productActions } from "./contract/products.ts";
import { feedActions } from "./contract/feeds.ts";
import { merchantCategoryActions } from "./contract/merchant-categories.ts";
import { relatedActions } from "./contract/related.ts";
import { searchTuningActions } from "./contract/search-tuning.ts";
import { searchActions } from "./contract/search.ts";
import { stockActions, stockEvents } from "./contract/stock.ts";
import { variantActions } from "./contract/variants.ts";
import { transferActions, transferEvents } from "./contract/transfers.ts";

export { importMediaTypes, maxUploadBytes } from "./contract/transfers.ts";

export const catalog = defineContract({
  name: "catalog",
  summary: "Categories, brands, types of products, products, variants and their stock",
  consumes: [
    "orders.placed",
    "orders.paid",
    "orders.cancelled",
    "orders.expired",
    "orders.returned",
    "after-sales.replacement-reserved",
    "after-sales.replacement-released",
    "after-sales.replaced",
    "catalog.task-queued",
    "catalog.changed",
    "favourites.counted",
    "reviews.product-rated",
    "merchants.changed",
  ],
  uses: {
    "orders.checkouts.settle": [],
    "after-sales.replacements.settle": [],
    "statistics.activity.report": null,
  },
  actions: {
    ...categoryActions,
    ...brandActions,
    ...collectionActions,
    ...merchantCategoryActions,
    ...relatedActions,
    ...feedActions,
    ...searchActions,
    ...attributeActions,
    ...productTypeActions,
    ...productActions,
    ...variantActions,
    ...searchTuningActions,
    ...stockActions,
    ...transferActions,
  },
  events: { ...catalogueEvents, ...stockEvents, ...transferEvents },
});

declare module "../../mixins/contract/registry.ts" {
  interface Contracts {
    catalog: typeof catalog;
  }
}
