import { adoptCart } from "../adopt-cart.ts";
import type { User } from "../data/user-repository.ts";
import { verifyPassword } from "../domain/passwords.ts";
import { grantTokens } from "../grant-tokens.ts";
import { beginSession, refuseLogin } from "../sign-in.ts";
import { action } from "../users.dependencies.ts";

/**
 * Starts a session, or asks for the second factor first. Publishes success or failure in the same
 * transaction, the pattern that feeds the audit trail (docs/guides/recording-events.md).
 */
export const login = action("users.login", async (context, dependencies) => {
  const { params, now } = context;
  const { users } = dependencies;
  const { email, phone } = params;
  const user = await (phone === undefined ? users.byEmail(email ?? "") : users.byPhone(phone));
  const refusal = await refusalOf(params.password, user);
  if (!user || refusal)
    return refuseLogin({ given: email ?? phone ?? "", user, reason: refusal }, context, dependencies);
  const opened = await beginSession(user, context, dependencies);
  return grantTokens(user, opened, await adoptCart(params.guestCart, user.id, context), now, dependencies);
});

async function refusalOf(password: string, user: User | undefined) {
  const matches = await verifyPassword(password, user?.passwordHash);
  if (!user) return "unknown-account";
  if (!matches) return "wrong-password";
  return user.status === "active" ? undefined : "account-disabled";
}
