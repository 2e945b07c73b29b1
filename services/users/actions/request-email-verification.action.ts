import { askForMail } from "../mail/ask-for-mail.ts";
import { action } from "../users.dependencies.ts";

/** Notes that a mail is wanted; whether there is an account to verify is looked up when it is written. */
export const requestEmailVerification = action("users.email-verifications.request", async (context, { mails }) => {
  const { params, now, transaction } = context;
  const mail = { kind: "verify-address", recipient: params.email, userId: null } as const;
  await transaction((tx) => askForMail(mails, mail, now, tx));
  return { email: params.email };
});
