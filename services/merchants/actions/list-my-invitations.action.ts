import { toTimestamp } from "../../../mixins/contract/fields.ts";
import { action } from "../merchants.dependencies.ts";
import { verifiedEmail } from "../verified-email.ts";

export const listMyInvitations = action("merchants.my-invitations.list", async (context, { invitations }) => {
  const { params, now, call } = context;
  const email = await verifiedEmail(call);
  if (email === undefined) return { items: [], nextCursor: null };
  const page = await invitations.ofAddress(email, now, params);
  return {
    ...page,
    items: page.items.map(({ id, merchant, role, createdAt, expiresAt }) => ({
      id,
      merchant,
      role,
      createdAt: toTimestamp(createdAt),
      expiresAt: toTimestamp(expiresAt),
    })),
  };
});
