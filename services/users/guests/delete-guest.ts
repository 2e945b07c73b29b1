import type { Tx } from "../../../mixins/database/database.ts";
import { guestMailKinds } from "../domain/mail-kinds.ts";
import type { Guest } from "../data/guest-repository.ts";
import type { UsersDependencies } from "../users.dependencies.ts";

/** Erases a guest's personal data here; the event makes other services erase theirs. @returns false when it is gone */
export async function deleteGuest(
  guest: Guest,
  now: number,
  tx: Tx,
  { guests, mails }: Pick<UsersDependencies, "guests" | "mails">,
): Promise<boolean> {
  if (!(await guests.remove(guest, now, tx))) return false;
  if (guest.email !== null) await mails.removeOf(guest.email, tx, guestMailKinds);
  tx.publish("users.guest-deleted", { guestId: guest.id });
  return true;
}
