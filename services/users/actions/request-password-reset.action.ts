import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/**
 * Stores a mail request. The account is looked up when the mail is written, so the response cannot reveal it.
 */
export const requestPasswordReset = action("users.password-resets.request", async (context, { mails }) => {
  const { params, now, transaction } = context;
  const mail = { kind: "password-reset", recipient: params.email, userId: null } as const;
  await transaction((tx) => requestMail(mails, mail, now, tx));
  return { email: params.email };
});
