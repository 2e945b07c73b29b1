import { newId } from "../../../mixins/contract/ids.ts";
import { action } from "../users.dependencies.ts";

/** Accounts are not looked at, so nothing can tell whether the address has one. */
export const identifyGuest = action("users.guests.identify", async ({ params, now, fail }, { guests }) => {
  const known = await guests.byEmail(params.email);
  if (known) return { guestId: known.id };
  await guests.insertIfAbsent(params.email, newId(), now);
  const guest = await guests.byEmail(params.email);
  if (!guest) throw fail("unavailable", "The guest was claimed or deleted a moment ago; try again");
  return { guestId: guest.id };
});
