import { changeMember } from "../change-member.ts";
import { action } from "../merchants.dependencies.ts";

export const leaveMerchant = action("merchants.mine.leave", async (context, dependencies) => {
  const { params, caller, transaction, fail } = context;
  const { merchants, members } = dependencies;
  await transaction(async (tx) => {
    const merchant = await merchants.lock(params.id, tx);
    const member = merchant && (await members.find(merchant.id, caller.userId, tx));
    if (!merchant || !member || member.role === null) throw fail("not-found");
    await changeMember(merchant, member, null, tx, dependencies);
  });
  return null;
});
