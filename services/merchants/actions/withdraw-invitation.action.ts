import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { action } from "../merchants.dependencies.ts";

export const withdrawInvitation = action("merchants.invitations.withdraw", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { merchants, invitations } = dependencies;
  await transaction(async (tx) => {
    const merchant = await merchants.lock(params.merchantId, tx, merchantFilter(caller, "merchants:write"));
    if (!merchant || !(await invitations.withdraw(params.id, merchant.id, tx))) throw fail("not-found");
    tx.publish("merchants.invitation-withdrawn", { merchantId: merchant.id, invitationId: params.id });
  });
  return null;
});
