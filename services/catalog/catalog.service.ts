import { defineService } from "../../mixins/service/define-service.ts";
import { collectFiles } from "../../mixins/media/collect-files.job.ts";
import { merchantFilter } from "../../mixins/contract/caller.ts";
import { imageHandlers } from "../../mixins/media/image-handlers.ts";
import { makeRenditions } from "../../mixins/media/render-image.task.ts";
import { startTask, taskHandlers } from "../../mixins/tasks/task-actions.ts";
import { arrangeCollection } from "./actions/arrange-collection.action.ts";
import { createCollection } from "./actions/create-collection.action.ts";
import { getCollectionTexts } from "./actions/get-collection-texts.action.ts";
import { getCollection } from "./actions/get-collection.action.ts";
import { listCollections } from "./actions/list-collections.action.ts";
import { removeCollection } from "./actions/remove-collection.action.ts";
import { updateCollection } from "./actions/update-collection.action.ts";
import { changeStock } from "./actions/change-stock.action.ts";
import { createAttribute } from "./actions/create-attribute.action.ts";
import { createBrand } from "./actions/create-brand.action.ts";
import { createCategory } from "./actions/create-category.action.ts";
import { createProductType } from "./actions/create-product-type.action.ts";
import { createProduct } from "./actions/create-product.action.ts";
import { createVariant } from "./actions/create-variant.action.ts";
import { findVariant } from "./actions/find-variant.action.ts";
import { getAttribute } from "./actions/get-attribute.action.ts";
import { getBrandTexts } from "./actions/get-brand-texts.action.ts";
import { getBrand } from "./actions/get-brand.action.ts";
import { getCategory } from "./actions/get-category.action.ts";
import { getCategoryTexts } from "./actions/get-category-texts.action.ts";
import { getProductTexts } from "./actions/get-product-texts.action.ts";
import { getProductType } from "./actions/get-product-type.action.ts";
import { getProduct } from "./actions/get-product.action.ts";
import { getRelatedProducts } from "./actions/get-related-products.action.ts";
import { relateProducts } from "./actions/relate-products.action.ts";
import { getStock } from "./actions/get-stock.action.ts";
import { getVariant } from "./actions/get-variant.action.ts";
import { listAttributes } from "./actions/list-attributes.action.ts";
import { listBrands } from "./actions/list-brands.action.ts";
import { listCategories } from "./actions/list-categories.action.ts";
import { listProductTypes } from "./actions/list-product-types.action.ts";
import { listProductNames } from "./actions/list-product-names.action.ts";
import { listProducts } from "./actions/list-products.action.ts";
import { listStockMovements } from "./actions/list-stock-movements.action.ts";
import { listVariants } from "./actions/list-variants.action.ts";
import { lookUpProducts } from "./actions/look-up-products.action.ts";
import { lookUpVariants } from "./actions/look-up-variants.action.ts";
import { releaseStock } from "./actions/release-stock.action.ts";
import { removeAttribute } from "./actions/remove-attribute.action.ts";
import { removeBrand } from "./actions/remove-brand.action.ts";
import { removeCategory } from "./actions/remove-category.action.ts";
import { removeProductType } from "./actions/remove-product-type.action.ts";
import { removeProduct } from "./actions/remove-product.action.ts";
import { removeVariant } from "./actions/remove-variant.action.ts";
import { reserveStock } from "./actions/reserve-stock.action.ts";
import { seedDemo } from "./actions/seed-demo.action.ts";
import { startDemoMall } from "./actions/start-demo-mall.action.ts";
import { startExport } from "./actions/start-export.action.ts";
import { listMerchantCategories } from "./actions/list-merchant-categories.action.ts";
import { createMerchantCategory } from "./actions/create-merchant-category.action.ts";
import { updateMerchantCategory } from "./actions/update-merchant-category.action.ts";
import { removeMerchantCategory } from "./actions/remove-merchant-category.action.ts";
import { sortInProduct } from "./actions/sort-in-product.action.ts";
import { startImport } from "./actions/start-import.action.ts";
import { updateAttribute } from "./actions/update-attribute.action.ts";
import { suggestProducts } from "./actions/suggest-products.action.ts";
import { updateBrand } from "./actions/update-brand.action.ts";
import { updateCategory } from "./actions/update-category.action.ts";
import { updateProductType } from "./actions/update-product-type.action.ts";
import { updateProduct } from "./actions/update-product.action.ts";
import { updateVariant } from "./actions/update-variant.action.ts";
import { createPin } from "./actions/create-pin.action.ts";
import { createSynonyms } from "./actions/create-synonyms.action.ts";
import { listPins } from "./actions/list-pins.action.ts";
import { listSynonyms } from "./actions/list-synonyms.action.ts";
import { removePin } from "./actions/remove-pin.action.ts";
import { removeSynonyms } from "./actions/remove-synonyms.action.ts";
import { updatePin } from "./actions/update-pin.action.ts";
import { updateSynonyms } from "./actions/update-synonyms.action.ts";
import { catalog } from "./catalog.contract.ts";
import { catalogDependencies } from "./catalog.dependencies.ts";
import { invariants } from "./data/invariants.ts";
import { migrations } from "./data/migrations/index.ts";
import { catalogChanged } from "./events/catalog-changed.event.ts";
import { favouritesCounted } from "./events/favourites-counted.event.ts";
import { orderCancelled } from "./events/order-cancelled.event.ts";
import { orderExpired } from "./events/order-expired.event.ts";
import { orderPaid } from "./events/order-paid.event.ts";
import { ordersPlaced } from "./events/orders-placed.event.ts";
import { orderReturned } from "./events/order-returned.event.ts";
import { productsRated } from "./events/products-rated.event.ts";
import { goodsReplaced } from "./events/goods-replaced.event.ts";
import { replacementReleased } from "./events/replacement-released.event.ts";
import { replacementReserved } from "./events/replacement-reserved.event.ts";
import { lockForEvents } from "./events/lock-for-events.ts";
import { merchantsChanged } from "./events/merchants-changed.event.ts";
import { countBaskets } from "./jobs/count-baskets.job.ts";
import { feedSearchEngine } from "./jobs/feed-search-engine.job.ts";
import { repairDerivedColumns } from "./jobs/repair-derived-columns.job.ts";
import { repairSearchIndex } from "./jobs/repair-search-index.job.ts";
import { reportSearches } from "./jobs/report-searches.job.ts";
import { settleOverdueReservations } from "./jobs/settle-overdue-reservations.job.ts";
import { exportProducts } from "./tasks/export-products.task.ts";
import { importProducts } from "./tasks/import-products.task.ts";
import { writeFeed } from "./tasks/write-feed.task.ts";
import { rebuildSearchIndex } from "./tasks/rebuild-search-index.task.ts";
import { rebuildCollection } from "./tasks/rebuild-collection.task.ts";
import { seedDemoMall } from "./tasks/seed-demo-mall.task.ts";

export default defineService(catalog, {
  migrations,
  invariants,
  dependencies: catalogDependencies,
  actions: [
    listCategories,
    getCategory,
    getCategoryTexts,
    createCategory,
    updateCategory,
    removeCategory,
    listAttributes,
    getAttribute,
    createAttribute,
    updateAttribute,
    removeAttribute,
    listProductTypes,
    getProductType,
    createProductType,
    updateProductType,
    removeProductType,
    listBrands,
    getBrand,
    getBrandTexts,
    createBrand,
    updateBrand,
    removeBrand,
    listCollections,
    getCollection,
    getCollectionTexts,
    createCollection,
    updateCollection,
    arrangeCollection,
    removeCollection,
    listProducts,
    suggestProducts,
    getProduct,
    lookUpProducts,
    getProductTexts,
    createProduct,
    updateProduct,
    removeProduct,
    getRelatedProducts,
    relateProducts,
    listMerchantCategories,
    createMerchantCategory,
    updateMerchantCategory,
    removeMerchantCategory,
    sortInProduct,
    listSynonyms,
    createSynonyms,
    updateSynonyms,
    removeSynonyms,
    listPins,
    createPin,
    updatePin,
    removePin,
    listVariants,
    getVariant,
    createVariant,
    updateVariant,
    removeVariant,
    listProductNames,
    lookUpVariants,
    findVariant,
    getStock,
    changeStock,
    listStockMovements,
    reserveStock,
    releaseStock,
    seedDemo,
    startDemoMall,
    startImport,
    startExport,
    startTask("catalog.feeds.start", writeFeed),
    startTask("catalog.search-index.rebuild", rebuildSearchIndex),
    ...imageHandlers("catalog.products", "product", (caller) => merchantFilter(caller, "catalog:write")),
    ...imageHandlers("catalog.categories", "category"),
    ...imageHandlers("catalog.brands", "brand"),
    ...imageHandlers("catalog.collections", "collection"),
    ...taskHandlers(catalog, "products"),
  ],
  consumers: [
    ordersPlaced,
    orderPaid,
    orderCancelled,
    orderExpired,
    orderReturned,
    replacementReserved,
    replacementReleased,
    goodsReplaced,
    catalogChanged,
    favouritesCounted,
    productsRated,
    merchantsChanged,
  ],
  lockForEvents,
  jobs: [
    settleOverdueReservations,
    reportSearches,
    repairDerivedColumns,
    repairSearchIndex,
    countBaskets,
    collectFiles,
    feedSearchEngine,
  ],
  tasks: [
    importProducts,
    exportProducts,
    seedDemoMall,
    makeRenditions,
    rebuildCollection,
    rebuildSearchIndex,
    writeFeed,
  ],
});
