import { askForMail } from "../mail/ask-for-mail.ts";
import { action } from "../users.dependencies.ts";

/**
 * Notes that a mail is wanted. Whether the address has an account is looked up when the mail is written, so that the
 * answer cannot tell.
 */
export const requestPasswordReset = action("users.password-resets.request", async (context, { mails }) => {
  const { params, now, transaction } = context;
  const mail = { kind: "password-reset", recipient: params.email, userId: null } as const;
  await transaction((tx) => askForMail(mails, mail, now, tx));
  return { email: params.email };
});
