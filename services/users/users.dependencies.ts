import type { Config, MailConfig, NotifyConfig } from "../../config/index.ts";
import { Images } from "../../mixins/media/images.ts";
import { imageParts } from "../../mixins/media/image-parts.ts";
import { Locales } from "../../mixins/locales/locales.ts";
import { ImagePresenter } from "../../mixins/media/present-image.ts";
import { FileStore } from "../../mixins/tasks/file-store.ts";
import type { TaskQueue } from "../../mixins/tasks/task-queue.ts";
import { consumersOf } from "../../mixins/events/consumer.ts";
import { jobsOf } from "../../mixins/service/jobs.ts";
import type { NotifyChannel } from "../../mixins/notify/notify-channel.ts";
import { openNotifyChannel } from "../../mixins/notify/open-notify-channel.ts";
import type { MailTransport } from "../../mixins/mail/mail-transport.ts";
import { openMailTransport } from "../../mixins/mail/open-mail-transport.ts";
import type { ServiceEnvironment } from "../../mixins/service/define-service.ts";
import { actionsOf } from "../../mixins/service/action-runtime.ts";
import { avatars } from "./avatars.ts";
import { keepHashingThread } from "./argon2id.ts";
import { AddressRepository } from "./data/address-repository.ts";
import { ApiKeyRepository } from "./data/api-key-repository.ts";
import { MembershipRepository } from "./data/membership-repository.ts";
import { GuestRepository } from "./data/guest-repository.ts";
import { MailRepository } from "./data/mail-repository.ts";
import { MessageRepository } from "./data/message-repository.ts";
import { OneTimeTokenRepository } from "./data/one-time-token-repository.ts";
import { OrderTokenRepository } from "./data/order-token-repository.ts";
import { PhoneCodeRepository } from "./data/phone-code-repository.ts";
import { RoleRepository } from "./data/role-repository.ts";
import { SessionRepository } from "./data/session-repository.ts";
import { SignInRepository } from "./data/sign-in-repository.ts";
import { SigningKeyRepository } from "./data/signing-key-repository.ts";
import { TwoFactorRepository } from "./data/two-factor-repository.ts";
import { UserRepository } from "./data/user-repository.ts";
import { DeviceTokens } from "./domain/device-tokens.ts";
import { PhoneCodes } from "./domain/phone-codes.ts";
import { SecretBox } from "../../mixins/support/secret-box.ts";
import { secretKeysOf } from "../../mixins/support/secrets-key.ts";
import { TokenIssuer } from "./token-issuer.ts";

/** Dependencies of this service's handlers. */
export interface UsersDependencies {
  readonly users: UserRepository;
  readonly roles: RoleRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly addresses: AddressRepository;
  readonly sessions: SessionRepository;
  readonly signIns: SignInRepository;
  readonly twoFactor: TwoFactorRepository;
  readonly images: Images;
  readonly imagePresenter: ImagePresenter;
  readonly tasks: TaskQueue;
  readonly files: FileStore;
  readonly memberships: MembershipRepository;
  readonly oneTimeTokens: OneTimeTokenRepository;
  readonly mails: MailRepository;
  readonly guests: GuestRepository;
  readonly orderTokens: OrderTokenRepository;
  /** Lifetime of a guest order's token (ms). */
  readonly orderTokenMs: number;
  /** Time after the last order until a guest is erased (ms). */
  readonly guestRetentionMs: number;
  readonly phoneCodes: PhoneCodeRepository;
  readonly codeHashes: PhoneCodes;
  readonly messages: MessageRepository;
  /** Encrypts codes until their messages are sent. */
  readonly secretBox: SecretBox;
  readonly notifyChannel: NotifyChannel;
  readonly notifySettings: NotifyConfig;
  /** The shop's languages. */
  readonly locales: Locales;
  readonly tokens: TokenIssuer;
  readonly deviceTokens: DeviceTokens;
  /** The shop's name. */
  readonly shop: string;
  readonly signingKeys: SigningKeyRepository;
  /** Rotation period of signing keys in milliseconds. */
  readonly signingKeyLifeMs: number;
  readonly mailTransport: MailTransport;
  readonly mailSettings: MailConfig;
  /** Whether staff need a second factor. */
  readonly staffTwoFactor: Config["staffTwoFactor"];
  /** Age until which an account counts as new (ms). */
  readonly newAccountMs: number;
  readonly releaseHashingThread: () => void;
}

export async function usersDependencies(environment: ServiceEnvironment): Promise<UsersDependencies> {
  const { config, database, tasks } = environment;
  const users = new UserRepository(database);
  const secretKeys = await secretKeysOf(config);
  const box = new SecretBox(secretKeys);
  const locales = new Locales(config.locales);
  const signingKeys = new SigningKeyRepository(database, box);
  return {
    users,
    roles: new RoleRepository(database),
    apiKeys: new ApiKeyRepository(database),
    addresses: new AddressRepository(database),
    sessions: new SessionRepository(database),
    signIns: new SignInRepository(database),
    twoFactor: new TwoFactorRepository(database, box),
    images: new Images(imageParts("users", environment, [avatars(users)])),
    imagePresenter: new ImagePresenter({
      service: "users",
      baseUrl: config.media.baseUrl,
      locales,
    }),
    tasks,
    files: new FileStore(database),
    memberships: new MembershipRepository(database),
    oneTimeTokens: new OneTimeTokenRepository(database),
    mails: new MailRepository(database),
    guests: new GuestRepository(database),
    orderTokens: new OrderTokenRepository(database),
    ...config.guests,
    phoneCodes: new PhoneCodeRepository(database),
    codeHashes: new PhoneCodes(secretKeys),
    messages: new MessageRepository(database),
    secretBox: box,
    notifyChannel: openNotifyChannel(config.notify, environment.broker),
    notifySettings: config.notify,
    locales,
    tokens: await TokenIssuer.create(signingKeys, config),
    deviceTokens: new DeviceTokens(secretKeys),
    shop: config.seller.name,
    signingKeys,
    signingKeyLifeMs: config.tokens.signingKeyLifeMs,
    mailTransport: openMailTransport(config.mail),
    mailSettings: config.mail,
    staffTwoFactor: config.staffTwoFactor,
    newAccountMs: config.newAccountMs,
    releaseHashingThread: keepHashingThread(),
  };
}

export const action = actionsOf<UsersDependencies>();
export const on = consumersOf<UsersDependencies>();
export const job = jobsOf<UsersDependencies>();
