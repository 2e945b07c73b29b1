import { newTotpSecret, totpUri } from "../domain/totp.ts";
import { action } from "../users.dependencies.ts";

const issuer = "ShopServer";

/** Creates a secret for an authenticator app. Login is unchanged until a code confirms it. */
export const beginTwoFactor = action("users.two-factor.begin", async (context, { users, twoFactor }) => {
  const { caller, transaction, fail } = context;
  const secret = newTotpSecret();
  const user = await transaction(async (tx) => {
    const found = await users.lock(caller.userId, tx);
    if (!found) throw fail("not-found");
    if (await twoFactor.isOn(found.id, tx))
      throw fail("illegal-transition", "Two-factor authentication is enabled; disable it first", {
        from: "on",
      });
    await twoFactor.begin(found.id, secret, tx);
    return found;
  });
  return { secret, uri: totpUri(secret, issuer, user.email) };
});
