import type { ActionContext } from "../../mixins/shop-action.ts";
import type { UserCaller } from "../contract/caller.ts";
import type { User } from "./data/user-repository.ts";
import { wrongPassword } from "./domain/new-password.ts";
import { verifyPassword } from "./domain/passwords.ts";
import type { UsersDependencies } from "./users.dependencies.ts";

type Context = Pick<ActionContext<"users.step-up">, "transaction" | "fail"> & { readonly caller: UserCaller };

/**
 * Makes sure that it is the account's owner who sits at a session, not someone who found it open. A wrong password is
 * recorded in the audit trail.
 *
 * @param field the param that has the password
 * @returns the caller's account
 * @throws ShopError `validation-failed` naming the field
 */
export async function confirmPassword(
  password: string,
  field: string,
  { caller, transaction, fail }: Context,
  { users }: UsersDependencies,
): Promise<User> {
  const { userId, sessionId } = caller;
  const user = await users.byId(userId);
  if (!user) throw fail("not-found");
  if (await verifyPassword(password, user.passwordHash)) return user;
  await transaction(async (tx) => tx.publish("users.step-up-failed", { userId, sessionId }));
  throw wrongPassword(field);
}
