import { merchantFilter } from "../../../mixins/contract/caller.ts";
import { changeMember } from "../change-member.ts";
import { assertCanGrantAt } from "../domain/member.ts";
import { action } from "../merchants.dependencies.ts";

export const removeMember = action("merchants.members.remove", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { merchants, members } = dependencies;
  await transaction(async (tx) => {
    const merchant = await merchants.lock(params.id, tx, merchantFilter(caller, "merchants:write"));
    const member = merchant && (await members.find(merchant.id, params.userId, tx));
    if (!merchant || !member || member.role === null) throw fail("not-found");
    assertCanGrantAt(merchant.id, caller, member.role);
    await changeMember(merchant, member, null, tx, dependencies);
  });
  return null;
});
