import { newTotpSecret, totpUri } from "../domain/totp.ts";
import { action } from "../users.dependencies.ts";

const issuer = "ShopServer";

/** Makes a secret for an authenticator app. Nothing changes at login until a code has confirmed it. */
export const beginTwoFactor = action("users.two-factor.begin", async (context, { users, twoFactor }) => {
  const { caller, transaction, fail } = context;
  const secret = newTotpSecret();
  const user = await transaction(async (tx) => {
    const found = await users.lock(caller.userId, tx);
    if (!found) throw fail("not-found");
    if (await twoFactor.isOn(found.id, tx)) throw fail("illegal-transition", "It is on; turn it off first", { from: "on" });
    await twoFactor.begin(found.id, secret, tx);
    return found;
  });
  return { secret, uri: totpUri(secret, issuer, user.email) };
});
