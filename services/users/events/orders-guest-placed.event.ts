import { requestMail } from "../mail/request-mail.ts";
import { on } from "../users.dependencies.ts";

/** Mails the link to the order. A guest who is claimed meanwhile has the order in the account. */
export const mailOrderLink = on(
  "orders.guest-placed",
  async ({ payload, occurredAt }, tx, { guests, mails }) => {
    const { guestId, orderId, number, phone = null, locale = null } = payload;
    const guest = await guests.lockOpen(guestId, tx);
    if (!guest || guest.email === null) return;
    await guests.addOrder({ orderId, guestId, number, phone, locale, placedAt: occurredAt }, tx);
    const mail = { kind: "guest-order", recipient: guest.email, userId: null, orderNumber: number } as const;
    await requestMail(mails, mail, Date.now(), tx);
  },
);
