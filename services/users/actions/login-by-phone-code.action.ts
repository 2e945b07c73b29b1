import { adoptCart } from "../adopt-cart.ts";
import { codeAttempts } from "../domain/phone-codes.ts";
import { hashOfSecret } from "../domain/secrets.ts";
import { grantTokens } from "../grant-tokens.ts";
import { mayLogInByCode } from "../may-log-in-by-code.ts";
import { beginSession, refuseLogin } from "../sign-in.ts";
import { action } from "../users.dependencies.ts";

/** Starts a session with a code, which works once. Does the same work for known and unknown numbers. */
export const loginByPhoneCode = action("users.login.by-phone-code", async (context, dependencies) => {
  const { params, now, transaction } = context;
  const { users, phoneCodes, codeHashes } = dependencies;
  const { phone, challenge, code } = params;
  const id = hashOfSecret(challenge);
  const user = await users.byPhone(phone);
  const mayLogIn = await mayLogInByCode(user, dependencies);
  const isRight = await transaction(async (tx) => {
    const sent = await phoneCodes.attempt(id, "login", null, codeAttempts, now, tx);
    // Without a row it takes as long.
    const matches = codeHashes.isRight(id, code, sent?.codeHash ?? "0".repeat(64));
    return sent?.phone === phone && matches && (await phoneCodes.use(id, tx));
  });
  if (!user || !isRight || !mayLogIn) {
    const reason = !user ? "unknown-account" : user.status === "active" ? "wrong-code" : "account-disabled";
    return refuseLogin({ given: phone, user, reason }, context, dependencies);
  }
  const opened = await beginSession(user, context, dependencies);
  return grantTokens(user, opened, await adoptCart(params.guestCart, user.id, context), now, dependencies);
});
