import { requestMail } from "../mail/request-mail.ts";
import { action } from "../users.dependencies.ts";

/** Stores a mail request. The order is looked up when the mail is written, so the response cannot reveal it. */
export const requestOrderAccess = action("users.order-access.request", async (context, { mails }) => {
  const { params, now, transaction } = context;
  const orderNumber = params.number.trim().toUpperCase();
  const mail = { kind: "order-access", recipient: params.email, userId: null, orderNumber } as const;
  await transaction((tx) => requestMail(mails, mail, now, tx));
  return { email: params.email };
});
