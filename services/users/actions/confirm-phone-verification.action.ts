import { requestMail } from "../mail/request-mail.ts";
import { codeAttempts } from "../domain/phone-codes.ts";
import { presentOwnUser } from "../present.ts";
import { wrongCode } from "../use-second-factor.ts";
import { action } from "../users.dependencies.ts";
import { claimPhone } from "../claim-phone.ts";

/** Gives the caller a number, with the code that was sent to it. */
export const confirmPhoneVerification = action(
  "users.phone-verifications.confirm",
  async (context, dependencies) => {
    const { params, caller, now, transaction, fail } = context;
    const { roles, phoneCodes, codeHashes, mails, imagePresenter } = dependencies;
    const outcome = await transaction(async (tx) => {
      const { id, code } = params;
      const sent = await phoneCodes.attempt(id, "verification", caller.userId, codeAttempts, now, tx);
      if (!sent) return "unknown";
      if (!codeHashes.isRight(id, code, sent.codeHash)) return "wrong";
      if (!(await phoneCodes.use(id, tx))) return "unknown";
      const user = await claimPhone(sent.phone, caller.userId, now, tx, dependencies);
      if (!user) return "unknown";
      await requestMail(mails, { kind: "phone-added", recipient: user.email, userId: user.id }, now, tx);
      return { user, permissions: await roles.permissionsOf(user.role, tx) };
    });
    if (outcome === "unknown")
      throw fail("not-found", "The code has expired, was used or was tried too often");
    if (outcome === "wrong") throw wrongCode();
    return presentOwnUser(outcome.user, outcome.permissions, imagePresenter);
  },
);
