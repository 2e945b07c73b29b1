import { stepUpMs } from "../../contract/step-up.ts";
import { confirmPassword } from "../confirm-password.ts";
import { action } from "../users.dependencies.ts";

/** Lets the session do, for a while, what asks for a password given a short while ago. */
export const stepUp = action("users.step-up", async (context, dependencies) => {
  const { params, caller, now, transaction } = context;
  await confirmPassword(params.password, "password", context, dependencies);
  await transaction((tx) => dependencies.sessions.verify(caller.sessionId, now, tx));
  return { expiresIn: stepUpMs / 1000 };
});
