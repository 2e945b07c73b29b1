import { stepUpMs } from "../../contract/step-up.ts";
import { confirmPassword } from "../confirm-password.ts";
import { useSecondFactor, waitForCodes, wrongCode } from "../use-second-factor.ts";
import { action } from "../users.dependencies.ts";

/**
 * Lets the session do, for a while, what asks for it. Whoever has a second factor shows that one: a password may have
 * been read by who sits at the open session.
 */
export const stepUp = action("users.step-up", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { sessions, twoFactor } = dependencies;
  const { userId, sessionId } = caller;
  const withCode = await twoFactor.isOn(userId);
  const given = withCode ? params.code : params.password;
  if (given === undefined) {
    const field = withCode ? "code" : "password";
    throw fail("validation-failed", undefined, { errors: [{ path: field, code: "required", message: "is needed here" }] });
  }

  if (withCode) {
    const outcome = await transaction(async (tx) => {
      const code = await useSecondFactor(userId, given, now, tx, dependencies);
      if (code === "right") await sessions.verify(sessionId, now, tx, { secondFactor: true });
      else tx.publish("users.step-up-failed", { userId, sessionId });
      return code;
    });
    if (typeof outcome === "number") throw waitForCodes(outcome, now);
    if (outcome === "wrong") throw wrongCode();
  } else {
    await confirmPassword(given, "password", context, dependencies);
    await transaction((tx) => sessions.verify(sessionId, now, tx));
  }
  return { expiresIn: stepUpMs / 1000 };
});
