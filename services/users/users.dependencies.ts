import { jobsOf } from "../../mixins/jobs.ts";
import type { ServiceEnvironment } from "../../mixins/shop-service.ts";
import { actionsOf } from "../../mixins/shop-service.ts";
import { AddressRepository } from "./data/address-repository.ts";
import { SessionRepository } from "./data/session-repository.ts";
import { SigningKeyRepository } from "./data/signing-key-repository.ts";
import { UserRepository } from "./data/user-repository.ts";
import { TokenIssuer } from "./token-issuer.ts";

/** What the handlers of this service work with. */
export interface UsersDependencies {
  readonly users: UserRepository;
  readonly addresses: AddressRepository;
  readonly sessions: SessionRepository;
  readonly tokens: TokenIssuer;
}

export async function usersDependencies({ config, database }: ServiceEnvironment): Promise<UsersDependencies> {
  return {
    users: new UserRepository(database),
    addresses: new AddressRepository(database),
    sessions: new SessionRepository(database),
    tokens: await TokenIssuer.create(new SigningKeyRepository(database), config),
  };
}

export const action = actionsOf<UsersDependencies>();
export const job = jobsOf<UsersDependencies>();
