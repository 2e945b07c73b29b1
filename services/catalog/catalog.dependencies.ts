import { consumersOf, batchConsumersOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { ImagePresenter } from "../../mixins/media/present-image.ts";
import { imageParts } from "../../mixins/media/image-parts.ts";
import { Images } from "../../mixins/media/images.ts";
import { UploadSlots } from "../../mixins/service/upload-slots.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import { tasksOf } from "../../mixins/tasks/task.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { cacheOf } from "../../mixins/cache/action-cache.ts";
import { Locales } from "../../mixins/locales/locales.ts";
import { AttributeRepository } from "./data/attribute-repository.ts";
import { BatchRepository } from "./data/batch-repository.ts";
import { BrandRepository } from "./data/brand-repository.ts";
import { CategoryRepository } from "./data/category-repository.ts";
import { CollectionRepository } from "./data/collection-repository.ts";
import { CategoryAncestry } from "./data/category-ancestry.ts";
import { DefinitionsSnapshot } from "./data/definitions.ts";
import { ExportRepository } from "./data/export-repository.ts";
import { ExternalDocuments } from "./data/search/external-documents.ts";
import { FacetCounts } from "./data/facets/facet-counts.ts";
import { FavouriteCounts } from "./data/favourite-counts.ts";
import { ProductRepository } from "./data/product-repository.ts";
import { RelatedRepository } from "./data/related-repository.ts";
import { ReservationRepository } from "./data/reservation-repository.ts";
import { SearchFeed } from "./data/search/search-feed.ts";
import { SearchIndex } from "./data/search/search-index.ts";
import { MerchantCategoryRepository } from "./data/merchant-category-repository.ts";
import { MerchantCopies } from "./data/merchant-copies.ts";
import { Snapshot } from "./data/snapshot.ts";
import { PinRepository } from "./data/pin-repository.ts";
import { RatingRepository } from "./data/rating-repository.ts";
import { StockRepository } from "./data/stock-repository.ts";
import { SynonymRepository } from "./data/synonym-repository.ts";
import { TypeRepository } from "./data/type-repository.ts";
import { VariantRepository } from "./data/variant-repository.ts";
import { picturedKinds } from "./images/pictured-kinds.ts";
import { ReservationBatcher } from "./reservations/reservation-batcher.ts";
import type { ReservationRepositories } from "./reservations/reserve-batch.ts";
import { BuiltInSearch } from "./search/built-in-search.ts";
import { knownSynonyms } from "./search/known-synonyms.ts";
import { SearchCounter } from "./search/search-counter.ts";
import { SynonymSearch } from "./search/synonym-search.ts";
import { ExternalSearch } from "./search/external-search.ts";
import { MeilisearchIndex } from "./search/meilisearch-index.ts";
import type { SearchEngine } from "./search/search-engine.ts";

const maxConcurrentUploads = 4;

/** Dependencies of this service's handlers. */
export interface CatalogDependencies extends ReservationRepositories {
  readonly categories: CategoryRepository;
  readonly brands: BrandRepository;
  readonly collections: CollectionRepository;
  readonly merchantCategories: MerchantCategoryRepository;
  readonly merchantCopies: MerchantCopies;
  /** Whether there are merchants whose products are off sale. */
  readonly anyWithheld: Snapshot<boolean>;
  readonly related: RelatedRepository;
  readonly types: TypeRepository;
  readonly attributes: AttributeRepository;
  readonly ancestry: CategoryAncestry;
  readonly definitions: DefinitionsSnapshot;
  readonly products: ProductRepository;
  readonly favouriteCounts: FavouriteCounts;
  readonly facetCounts: FacetCounts;
  readonly engine: SearchEngine;
  readonly searchCounter: SearchCounter;
  readonly searchIndex: SearchIndex;
  readonly synonyms: SynonymRepository;
  readonly pins: PinRepository;
  readonly ratings: RatingRepository;
  /** Index of the search engine outside the shop; undefined: there is none. */
  readonly externalIndex: MeilisearchIndex | undefined;
  readonly externalDocuments: ExternalDocuments;
  readonly searchFeed: SearchFeed;
  readonly reservationBatcher: ReservationBatcher;
  readonly batches: BatchRepository;
  readonly exported: ExportRepository;
  readonly tasks: TaskQueue;
  /** Files of imports and exports. */
  readonly files: FileStore;
  readonly uploads: UploadSlots;
  readonly images: Images;
  readonly imagePresenter: ImagePresenter;
  readonly locales: Locales;
  /** ISO 4217 code of every price. */
  readonly currency: string;
}

export function catalogDependencies(environment: ServiceEnvironment): CatalogDependencies {
  const { broker, config, database, tasks, log } = environment;
  const repositories = {
    variants: new VariantRepository(database),
    stock: new StockRepository(database),
    reservations: new ReservationRepository(database),
  };
  const pictured = {
    categories: new CategoryRepository(database),
    brands: new BrandRepository(database),
    collections: new CollectionRepository(database),
    products: new ProductRepository(database),
    favouriteCounts: new FavouriteCounts(database),
  };
  const locales = new Locales(config.locales);
  const leaseMs = config.checkout.reservationLeaseMs;
  const types = new TypeRepository(database);
  const attributes = new AttributeRepository(database);
  const synonyms = new SynonymRepository(database);
  const version = () => cacheOf(broker).version("catalog");
  const merchantCopies = new MerchantCopies(database);
  const builtIn = new BuiltInSearch(database);
  const externalIndex =
    config.meilisearch && new MeilisearchIndex(config.meilisearch, config.namespace, config.locales);
  return {
    ...repositories,
    types,
    attributes,
    ancestry: new CategoryAncestry(pictured.categories),
    definitions: new DefinitionsSnapshot(types, attributes, version),
    related: new RelatedRepository(database),
    ...pictured,
    merchantCategories: new MerchantCategoryRepository(database),
    merchantCopies,
    anyWithheld: new Snapshot(() => merchantCopies.anyWithheld(), version),
    facetCounts: new FacetCounts(database),
    engine: new SynonymSearch(
      externalIndex ? new ExternalSearch(externalIndex, builtIn, database, log) : builtIn,
      knownSynonyms(synonyms, version),
    ),
    searchCounter: new SearchCounter(),
    synonyms,
    pins: new PinRepository(database),
    ratings: new RatingRepository(database),
    searchIndex: new SearchIndex(database),
    externalIndex,
    externalDocuments: new ExternalDocuments(database, attributes, locales.default),
    searchFeed: new SearchFeed(database),
    reservationBatcher: new ReservationBatcher(database, { ...repositories, leaseMs }),
    batches: new BatchRepository(database),
    exported: new ExportRepository(database),
    tasks,
    files: new FileStore(database),
    uploads: new UploadSlots(maxConcurrentUploads),
    images: new Images(imageParts("catalog", environment, picturedKinds(pictured))),
    imagePresenter: new ImagePresenter({ service: "catalog", baseUrl: config.media.baseUrl, locales }),
    locales,
    currency: config.pricing.currency,
  };
}

export const action = actionsOf<CatalogDependencies>();
export const on = consumersOf<CatalogDependencies>();
export const onBatch = batchConsumersOf<CatalogDependencies>();
export const job = jobsOf<CatalogDependencies>();
export const task = tasksOf<CatalogDependencies>();
