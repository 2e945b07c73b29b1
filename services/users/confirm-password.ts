import type { ActionContext } from "../../mixins/service/action-runtime.ts";
import type { UserCaller } from "../../mixins/contract/caller.ts";
import { assertStepUp } from "../../mixins/contract/step-up.ts";
import type { User } from "./data/user-repository.ts";
import { wrongPassword } from "./domain/new-password.ts";
import { verifyPassword } from "./domain/passwords.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

type Context = Pick<ActionContext<"users.step-up">, "transaction" | "fail" | "now"> & {
  readonly caller: UserCaller;
};

/**
 * Verifies that the account's owner is at the session, by password. A wrong one is recorded in the audit
 * trail. Accounts with a second factor must have re-authenticated with it before.
 *
 * @param field the param with the password
 * @returns the caller's account
 * @throws ShopError `validation-failed` naming the field, `step-up-required`
 */
export async function confirmPassword(
  password: string,
  field: string,
  { caller, now, transaction, fail }: Context,
  { users, twoFactor }: UsersDependencies,
): Promise<User> {
  const { userId, sessionId } = caller;
  const user = await users.byId(userId);
  if (!user) throw fail("not-found");
  if (await twoFactor.isOn(userId)) assertStepUp(caller, now);
  if (await verifyPassword(password, user.passwordHash)) return user;
  await transaction(async (tx) => tx.publish("users.step-up-failed", { userId, sessionId }));
  throw wrongPassword(field);
}
