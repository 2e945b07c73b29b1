import { requestMail } from "../mail/request-mail.ts";
import { on } from "../users.dependencies.ts";

/** Mails an invitation to work for a merchant, if the address has an account. */
export const merchantsMemberInvited = on(
  "merchants.member-invited",
  async ({ payload: { email: recipient } }, tx, { mails }) => {
    await requestMail(mails, { kind: "merchant-invitation", recipient, userId: null }, Date.now(), tx);
  },
);
