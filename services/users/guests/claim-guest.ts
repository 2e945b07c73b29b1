import type { Tx } from "../../../mixins/database/database.ts";
import type { UsersDependencies } from "../users.dependencies.ts";

/**
 * Gives the orders that were placed with a verified address without an account to the account that has it. Their
 * tokens end. Services move what they hold of the guest when they hear of it. Of several attempts at a time one has
 * an effect.
 */
export async function claimGuest(
  { id: userId, email }: { readonly id: string; readonly email: string },
  now: number,
  tx: Tx,
  { guests }: Pick<UsersDependencies, "guests">,
): Promise<void> {
  const guest = await guests.byEmail(email, tx);
  if (guest && (await guests.claim(guest, userId, now, tx)))
    tx.publish("users.guest-claimed", { guestId: guest.id, userId });
}
