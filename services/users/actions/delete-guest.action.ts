import { deleteGuest as erase } from "../guests/delete-guest.ts";
import { action } from "../users.dependencies.ts";

export const deleteGuest = action("users.guests.delete", async (context, dependencies) => {
  const { params, now, transaction, fail } = context;
  await transaction(async (tx) => {
    const guest = await dependencies.guests.lockOpen(params.id, tx);
    if (!guest || !(await erase(guest, now, tx, dependencies))) throw fail("not-found");
  });
  return null;
});
