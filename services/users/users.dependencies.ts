import type { Config, MailConfig } from "../../config/index.ts";
import { jobsOf } from "../../mixins/jobs.ts";
import type { MailTransport } from "../../mixins/mail/mail-transport.ts";
import { mailTransport } from "../../mixins/mail/mail-transport.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-action.ts";
import { AddressRepository } from "./data/address-repository.ts";
import { ApiKeyRepository } from "./data/api-key-repository.ts";
import { MailRepository } from "./data/mail-repository.ts";
import { OneTimeTokenRepository } from "./data/one-time-token-repository.ts";
import { RoleRepository } from "./data/role-repository.ts";
import { SessionRepository } from "./data/session-repository.ts";
import { SignInRepository } from "./data/sign-in-repository.ts";
import { SigningKeyRepository } from "./data/signing-key-repository.ts";
import { TwoFactorRepository } from "./data/two-factor-repository.ts";
import { UserRepository } from "./data/user-repository.ts";
import { secretBox } from "./secrets-key.ts";
import { TokenIssuer } from "./token-issuer.ts";

/** What the handlers of this service work with. */
export interface UsersDependencies {
  readonly users: UserRepository;
  readonly roles: RoleRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly addresses: AddressRepository;
  readonly sessions: SessionRepository;
  readonly signIns: SignInRepository;
  readonly twoFactor: TwoFactorRepository;
  readonly oneTimeTokens: OneTimeTokenRepository;
  readonly mails: MailRepository;
  readonly tokens: TokenIssuer;
  readonly signingKeys: SigningKeyRepository;
  /** After so long a new key follows, in milliseconds. */
  readonly signingKeyLifeMs: number;
  readonly mailTransport: MailTransport;
  readonly mailSettings: MailConfig;
  /** Whether staff may do anything without a second factor. */
  readonly staffTwoFactor: Config["staffTwoFactor"];
}

export async function usersDependencies({ config, database }: ServiceEnvironment): Promise<UsersDependencies> {
  const box = await secretBox(config);
  const signingKeys = new SigningKeyRepository(database, box);
  return {
    users: new UserRepository(database),
    roles: new RoleRepository(database),
    apiKeys: new ApiKeyRepository(database),
    addresses: new AddressRepository(database),
    sessions: new SessionRepository(database),
    signIns: new SignInRepository(database),
    twoFactor: new TwoFactorRepository(database, box),
    oneTimeTokens: new OneTimeTokenRepository(database),
    mails: new MailRepository(database),
    tokens: await TokenIssuer.create(signingKeys, config),
    signingKeys,
    signingKeyLifeMs: config.tokens.signingKeyLifeMs,
    mailTransport: mailTransport(config.mail),
    mailSettings: config.mail,
    staffTwoFactor: config.staffTwoFactor,
  };
}

export const action = actionsOf<UsersDependencies>();
export const job = jobsOf<UsersDependencies>();
