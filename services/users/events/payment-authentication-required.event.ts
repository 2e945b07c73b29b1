import { requestMail } from "../mail/request-mail.ts";
import { on } from "../users.dependencies.ts";

/** Tells the customer that a charge made in their absence waits for them. */
export const tellOfAuthentication = on(
  "orders.payment-authentication-required",
  async ({ payload: { customerId } }, tx, { users, mails }) => {
    const user = await users.byId(customerId, tx);
    if (user?.status !== "active") return;
    const mail = { kind: "payment-authentication", recipient: user.email, userId: user.id } as const;
    await requestMail(mails, mail, Date.now(), tx);
  },
);
