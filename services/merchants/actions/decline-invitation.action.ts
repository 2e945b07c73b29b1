import { action } from "../merchants.dependencies.ts";
import { verifiedEmail } from "../verified-email.ts";

export const declineInvitation = action("merchants.my-invitations.decline", async (context, dependencies) => {
  const { params, now, call, transaction, fail } = context;
  const { invitations } = dependencies;
  const email = await verifiedEmail(call);
  if (email === undefined) throw fail("not-found");
  if (!(await transaction((tx) => invitations.claim(params.id, email, now, tx)))) throw fail("not-found");
  return null;
});
