import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/** Stores a mail request; the account is looked up when the mail is written. */
export const requestEmailVerification = action(
  "users.email-verifications.request",
  async (context, { mails }) => {
    const { params, now, transaction } = context;
    const mail = { kind: "verify-address", recipient: params.email, userId: null } as const;
    await transaction((tx) => requestMail(mails, mail, now, tx));
    return { email: params.email };
  },
);
