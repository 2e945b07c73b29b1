import { Locales } from "../../mixins/locales/locales.ts";
import { Images } from "../../mixins/media/images.ts";
import { imageParts } from "../../mixins/media/image-parts.ts";
import { ImagePresenter } from "../../mixins/media/present-image.ts";
import { consumersOf } from "../../mixins/events/consumer.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { FollowerRepository } from "./data/follower-repository.ts";
import { InvitationRepository } from "./data/invitation-repository.ts";
import { MemberRepository } from "./data/member-repository.ts";
import { MerchantRepository } from "./data/merchant-repository.ts";
import { TermsRepository } from "./data/terms-repository.ts";
import { UserCounts } from "./data/user-counts.ts";
import { logos } from "./logos.ts";

/** Dependencies of this service's handlers. */
export interface MerchantsDependencies {
  readonly merchants: MerchantRepository;
  readonly members: MemberRepository;
  readonly invitations: InvitationRepository;
  readonly terms: TermsRepository;
  readonly followers: FollowerRepository;
  readonly userCounts: UserCounts;
  readonly locales: Locales;
  readonly images: Images;
  readonly imagePresenter: ImagePresenter;
  readonly tasks: TaskQueue;
  readonly files: FileStore;
  /** Commission of new merchants, in basis points. */
  readonly commissionBasisPoints: number;
}

export function merchantsDependencies(environment: ServiceEnvironment): MerchantsDependencies {
  const { config, database, tasks } = environment;
  const merchants = new MerchantRepository(database);
  const locales = new Locales(config.locales);
  return {
    merchants,
    members: new MemberRepository(database),
    invitations: new InvitationRepository(database),
    terms: new TermsRepository(database),
    followers: new FollowerRepository(database),
    userCounts: new UserCounts(database),
    locales,
    images: new Images(imageParts("merchants", environment, [logos(merchants)])),
    imagePresenter: new ImagePresenter({ service: "merchants", baseUrl: config.media.baseUrl, locales }),
    tasks,
    files: new FileStore(database),
    commissionBasisPoints: config.merchants.commissionBasisPoints,
  };
}

export const action = actionsOf<MerchantsDependencies>();
export const on = consumersOf<MerchantsDependencies>();
export const job = jobsOf<MerchantsDependencies>();
