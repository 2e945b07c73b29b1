import type { Result } from "../../../mixins/contract/calls.ts";
import { action } from "../users.dependencies.ts";

/** Follows a claimed guest to the account. */
export const getContact = action(
  "users.contacts.get",
  async ({ params: { customerId, orderId } }, { users, guests }): Promise<Result<"users.contacts.get">> => {
    const guest = await guests.byId(customerId);
    if (guest && guest.email !== null) {
      const order = orderId === undefined ? undefined : await guests.orderById(orderId);
      // Who ordered with the address need not have it: a number holds for its own order.
      const { phone = null, locale = null } = order?.guestId === guest.id ? order : {};
      return { isGuest: true, email: guest.email, phone, locale };
    }
    const user = await users.byId(guest?.claimedBy ?? customerId);
    if (user?.status !== "active") return null;
    const { email, phone, locale } = user;
    return { isGuest: false, email, phone, locale };
  },
);
