import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { assertCanGrantAt, invitationMs, maxInvitations } from "../domain/member.ts";
import { action } from "../merchants.dependencies.ts";
import { presentInvitation } from "../present.ts";

/** The response and its time are the same whether the address has an account, is a member, or neither. */
export const inviteMember = action("merchants.members.invite", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { merchants, invitations } = dependencies;
  const { email, role } = params;
  return transaction(async (tx) => {
    const merchant = await merchants.lock(params.id, tx, merchantFilter(caller, "merchants:write"));
    if (!merchant) throw fail("not-found");
    assertCanGrantAt(merchant.id, caller, role);
    if ((await invitations.count(merchant.id, tx)) >= maxInvitations)
      throw fail("limit-reached", "The merchant has too many open invitations", { limit: maxInvitations });
    const invitation = {
      id: newId(),
      merchantId: merchant.id,
      email,
      role,
      createdAt: now,
      expiresAt: now + invitationMs,
    };
    await invitations.put(invitation, tx);
    const { id: invitationId, merchantId } = invitation;
    tx.publish("merchants.member-invited", { merchantId, invitationId, email, role });
    return presentInvitation(invitation);
  });
});
