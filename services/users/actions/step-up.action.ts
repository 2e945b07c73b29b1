import { stepUpMs } from "../../../mixins/contract/step-up.ts";
import { confirmPassword } from "../confirm-password.ts";
import { verifySecondFactor, codesBlocked, wrongCode } from "../use-second-factor.ts";
import { action } from "../users.dependencies.ts";

/**
 * Re-authenticates the session for a while. Accounts with a second factor must use it: a person at an
 * unlocked device may know the password.
 */
export const stepUp = action("users.step-up", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { sessions, twoFactor } = dependencies;
  const { userId, sessionId } = caller;
  const withCode = await twoFactor.isOn(userId);
  const secret = withCode ? params.code : params.password;
  if (secret === undefined) {
    const field = withCode ? "code" : "password";
    throw fail("validation-failed", undefined, {
      errors: [{ path: field, code: "required", message: "is needed here" }],
    });
  }

  if (withCode) {
    const outcome = await transaction(async (tx) => {
      const code = await verifySecondFactor(userId, secret, now, tx, dependencies);
      if (code === "right") await sessions.verify(sessionId, now, tx, { secondFactor: true });
      else tx.publish("users.step-up-failed", { userId, sessionId });
      return code;
    });
    if (typeof outcome === "number") throw codesBlocked(outcome, now);
    if (outcome === "wrong") throw wrongCode();
  } else {
    await confirmPassword(secret, "password", context, dependencies);
    await transaction((tx) => sessions.verify(sessionId, now, tx));
  }
  return { expiresIn: stepUpMs / 1000 };
});
