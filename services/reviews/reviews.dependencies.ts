import { consumersOf } from "../../mixins/events/consumer.ts";
import { Locales } from "../../mixins/locales/locales.ts";
import { Images } from "../../mixins/media/images.ts";
import { imageParts } from "../../mixins/media/image-parts.ts";
import { ImagePresenter } from "../../mixins/media/present-image.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { ClaimedGuestRepository } from "./data/claimed-guest-repository.ts";
import { PurchaseRepository } from "./data/purchase-repository.ts";
import { RatingRepository } from "./data/rating-repository.ts";
import { ReplyRepository } from "./data/reply-repository.ts";
import { ReportRepository } from "./data/report-repository.ts";
import { ReviewRepository } from "./data/review-repository.ts";
import { VoteRepository } from "./data/vote-repository.ts";
import type { ReviewRules } from "./domain/review.ts";
import { pictures } from "./pictures.ts";

/** Dependencies of this service's handlers. */
export interface ReviewsDependencies {
  readonly purchases: PurchaseRepository;
  readonly claimedGuests: ClaimedGuestRepository;
  /** How late events can arrive (ms). */
  readonly inboxRetentionMs: number;
  readonly reviews: ReviewRepository;
  readonly ratings: RatingRepository;
  readonly votes: VoteRepository;
  readonly replies: ReplyRepository;
  readonly reports: ReportRepository;
  readonly rules: ReviewRules;
  readonly images: Images;
  readonly imagePresenter: ImagePresenter;
  readonly tasks: TaskQueue;
  readonly files: FileStore;
}

export function reviewsDependencies(environment: ServiceEnvironment): ReviewsDependencies {
  const { config, database, tasks } = environment;
  const reviews = new ReviewRepository(database);
  const ratings = new RatingRepository(database);
  const rules = config.reviews;
  return {
    purchases: new PurchaseRepository(database),
    claimedGuests: new ClaimedGuestRepository(database),
    inboxRetentionMs: config.events.inboxRetentionMs,
    reviews,
    ratings,
    votes: new VoteRepository(database),
    replies: new ReplyRepository(database),
    reports: new ReportRepository(database),
    rules,
    images: new Images(imageParts("reviews", environment, [pictures(reviews, ratings, rules)])),
    imagePresenter: new ImagePresenter({
      service: "reviews",
      baseUrl: config.media.baseUrl,
      locales: new Locales(config.locales),
    }),
    tasks,
    files: new FileStore(database),
  };
}

export const action = actionsOf<ReviewsDependencies>();
export const on = consumersOf<ReviewsDependencies>();
export const job = jobsOf<ReviewsDependencies>();
