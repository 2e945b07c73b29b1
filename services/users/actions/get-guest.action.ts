import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../users.dependencies.ts";

export const getGuest = action("users.guests.get", async ({ params, fail }, { guests }) => {
  const guest = await guests.byId(params.id);
  if (!guest) throw fail("not-found");
  const { id, email, claimedBy, createdAt, lastOrderAt } = guest;
  return {
    id,
    email,
    claimedBy,
    createdAt: toTimestamp(createdAt),
    lastOrderAt: toTimestamp(lastOrderAt),
  };
});
