import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { changeMember } from "../change-member.ts";
import { assertCanGrantAt } from "../domain/member.ts";
import { action } from "../merchants.dependencies.ts";
import { presentMember } from "../present.ts";

export const updateMember = action("merchants.members.update", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { merchants, members } = dependencies;
  const { userId, role } = params;
  return transaction(async (tx) => {
    const merchant = await merchants.lock(params.id, tx, merchantFilter(caller, "merchants:write"));
    const member = merchant && (await members.find(merchant.id, userId, tx));
    if (!merchant || !member || member.role === null) throw fail("not-found");
    assertCanGrantAt(merchant.id, caller, member.role, role);
    if (member.role === role) return presentMember({ ...member, role });
    await changeMember(merchant, member, role, tx, dependencies);
    return presentMember({ ...member, role, version: member.version + 1 });
  });
});
