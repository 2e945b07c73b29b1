import { newId } from "../../../mixins/contract/ids.ts";
import { adoptCart } from "../adopt-cart.ts";
import { challengeAttempts } from "../domain/second-factor.ts";
import { hashOfSecret } from "../domain/secrets.ts";
import { grantTokens } from "../grant-tokens.ts";
import { openSession } from "../open-session.ts";
import { verifySecondFactor, codesBlocked } from "../use-second-factor.ts";
import { action } from "../users.dependencies.ts";

/** Second step of a login: starts the session if the code is right. */
export const finishLogin = action("users.login.finish", async (context, dependencies) => {
  const { params, client, now, requestId, transaction, fail } = context;
  const { users, signIns, twoFactor } = dependencies;
  const challenge = hashOfSecret(params.challenge);

  const outcome = await transaction(async (tx) => {
    const userId = await twoFactor.tryChallenge(challenge, challengeAttempts, now, tx);
    const user = userId === undefined ? undefined : await users.byId(userId, tx);
    if (user?.status !== "active") return "wrong";
    const code = await verifySecondFactor(user.id, params.code, now, tx, dependencies);
    if (typeof code === "number") return code;
    if (code === "wrong") {
      const failure = { userId: user.id, sessionId: null, createdAt: now, ...client };
      await signIns.add({ id: newId(), outcome: "wrong-code", ...failure }, tx);
      tx.publish("users.login-failed", {
        email: user.email,
        userId: user.id,
        reason: "wrong-code",
        ...client,
      });
      return "wrong";
    }
    if (!(await twoFactor.endChallenge(challenge, tx))) return "wrong";
    const opening = { client, now, requestId, secondFactor: true };
    return { user, opened: await openSession(user, opening, tx, dependencies) };
  });

  if (outcome === "wrong") throw fail("invalid-second-factor");
  if (typeof outcome === "number") throw codesBlocked(outcome, now);
  const { user, opened } = outcome;
  return grantTokens(user, opened, await adoptCart(params.guestCart, user.id, context), now, dependencies);
});
