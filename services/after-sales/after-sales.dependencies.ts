import type { Logger } from "moleculer";
import { consumersOf } from "../../mixins/events/consumer.ts";
import { Locales } from "../../mixins/locales/locales.ts";
import { imageParts } from "../../mixins/media/image-parts.ts";
import { Images } from "../../mixins/media/images.ts";
import { ImagePresenter } from "../../mixins/media/present-image.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { AfterSaleRepository } from "./data/after-sale-repository.ts";
import { ClaimRepository } from "./data/claim-repository.ts";
import { DeletedCustomerRepository } from "./data/deleted-customer-repository.ts";
import { MessageRepository } from "./data/message-repository.ts";
import { ReplacementRepository } from "./data/replacement-repository.ts";
import { StepRepository } from "./data/step-repository.ts";
import type { Deadlines } from "./domain/deadlines.ts";
import { picturedKinds } from "./pictured-kinds.ts";

/** Dependencies of this service's handlers. */
export interface AfterSalesDependencies {
  readonly afterSales: AfterSaleRepository;
  readonly steps: StepRepository;
  readonly claims: ClaimRepository;
  readonly replacements: ReplacementRepository;
  readonly messages: MessageRepository;
  readonly deletedCustomers: DeletedCustomerRepository;
  readonly terms: Deadlines;
  readonly images: Images;
  readonly imagePresenter: ImagePresenter;
  readonly tasks: TaskQueue;
  readonly files: FileStore;
  readonly log: Logger;
}

export function afterSalesDependencies(environment: ServiceEnvironment): AfterSalesDependencies {
  const { config, database, tasks, log } = environment;
  const pictured = {
    afterSales: new AfterSaleRepository(database),
    messages: new MessageRepository(database),
  };
  return {
    ...pictured,
    steps: new StepRepository(database),
    claims: new ClaimRepository(database),
    replacements: new ReplacementRepository(database),
    deletedCustomers: new DeletedCustomerRepository(database),
    terms: config.afterSales,
    images: new Images(imageParts("after-sales", environment, picturedKinds(pictured))),
    imagePresenter: new ImagePresenter({
      service: "after-sales",
      baseUrl: config.media.baseUrl,
      locales: new Locales(config.locales),
    }),
    tasks,
    files: new FileStore(database),
    log,
  };
}

export const action = actionsOf<AfterSalesDependencies>();
export const on = consumersOf<AfterSalesDependencies>();
export const job = jobsOf<AfterSalesDependencies>();
