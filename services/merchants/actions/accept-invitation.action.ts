import { maxMembers, maxMemberships } from "../domain/member.ts";
import { saveMember } from "../change-member.ts";
import { action } from "../merchants.dependencies.ts";
import { presentMembership } from "../present.ts";
import { verifiedEmail } from "../verified-email.ts";

export const acceptInvitation = action("merchants.my-invitations.accept", async (context, dependencies) => {
  const { params, caller, now, call, transaction, fail } = context;
  const { merchants, members, invitations, userCounts } = dependencies;
  const email = await verifiedEmail(call);
  const invitation = email && (await invitations.open(params.id, email, now));
  if (!invitation) throw fail("not-found");
  return transaction(async (tx) => {
    const merchant = await merchants.lock(invitation.merchantId, tx);
    if (!merchant || !(await invitations.claim(invitation.id, invitation.email, now, tx)))
      throw fail("not-found");
    const { id: merchantId, slug, name, status } = merchant;
    const known = await members.find(merchantId, caller.userId, tx);
    // A member keeps the role that the owners have given since.
    if (known && known.role !== null)
      return presentMembership({ ...known, role: known.role, slug, name, status });

    const { members: others } = await members.count(merchantId, tx);
    if (others >= maxMembers)
      throw fail("limit-reached", "The merchant has too many members", { limit: maxMembers });
    if (!(await userCounts.add(caller.userId, "memberships", maxMemberships, tx)))
      throw fail("limit-reached", "You work for as many merchants as one account can", {
        limit: maxMemberships,
      });
    const joined = { merchantId, userId: caller.userId, role: invitation.role, joinedAt: now };
    await saveMember({ ...joined, email: invitation.email, version: known?.version ?? 0 }, tx, dependencies);
    return presentMembership({ ...joined, slug, name, status });
  });
});
