import type { Tx } from "../../mixins/database/database.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { ShopError } from "../../mixins/contract/errors.ts";
import type { Client } from "../../mixins/service/action-runtime.ts";
import type { User } from "./data/user-repository.ts";
import { challengeMs } from "./domain/second-factor.ts";
import { newSecret } from "./domain/secrets.ts";
import type { SignInOutcome } from "./domain/sign-in-outcomes.ts";
import { openSession } from "./open-session.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

interface Context {
  readonly client: Client;
  readonly now: number;
  readonly requestId: string;
  readonly transaction: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  readonly params: { readonly deviceToken?: string | undefined };
}

interface Refusal {
  /** The address or phone number that was given. */
  readonly given: string;
  readonly user: User | undefined;
  /** Default: the account is unknown. */
  readonly reason: Exclude<SignInOutcome, "succeeded"> | undefined;
}

/**
 * Records a failed login; the same work for known and unknown accounts.
 *
 * @throws ShopError `invalid-credentials`
 */
export async function refuseLogin(
  { given, user, reason = "unknown-account" }: Refusal,
  { client, now, transaction }: Context,
  { signIns }: UsersDependencies,
): Promise<never> {
  const userId = user?.id ?? null;
  const { address, userAgent } = client;
  await transaction(async (tx) => {
    const failure = { id: newId(), userId, outcome: reason, sessionId: null, createdAt: now };
    await signIns.add({ ...failure, address, userAgent }, tx);
    tx.publish("users.login-failed", { email: given, userId, reason, address, userAgent });
  });
  throw new ShopError("invalid-credentials");
}

/**
 * Starts a session for a user who has given the first factor.
 *
 * @throws ShopError `second-factor-required` with a challenge, where a second factor is on
 */
export async function beginSession(
  user: User,
  { client, now, requestId, transaction, params: { deviceToken } }: Context,
  dependencies: UsersDependencies,
): Promise<{ sessionId: string; refreshToken: string }> {
  const { twoFactor } = dependencies;
  if (await twoFactor.isOn(user.id)) {
    const { secret: challenge, hash } = newSecret();
    await transaction((tx) => twoFactor.addChallenge(hash, user.id, now + challengeMs, tx));
    throw new ShopError("second-factor-required", undefined, { challenge, expiresIn: challengeMs / 1000 });
  }
  const opening = { client, now, requestId, secondFactor: false, deviceToken };
  return transaction((tx) => openSession(user, opening, tx, dependencies));
}
