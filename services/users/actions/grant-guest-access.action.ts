import { action } from "../users.dependencies.ts";

/** Idempotent. The lock on the guest keeps a token from being added while an account claims the order. */
export const grantGuestAccess = action("users.guests.grant", async (context, dependencies) => {
  const { params, now, transaction } = context;
  const { guestId, orderId, number, phone = null, locale = null, tokenHash } = params;
  const { guests, orderTokens, orderTokenMs } = dependencies;
  const granted = await transaction(async (tx) => {
    if (!(await guests.lockOpen(guestId, tx))) return false;
    await guests.addOrder({ orderId, guestId, number, phone, locale, placedAt: now }, tx);
    await orderTokens.add({ tokenHash, orderId, guestId, expiresAt: now + orderTokenMs }, tx);
    return true;
  });
  return { granted };
});
