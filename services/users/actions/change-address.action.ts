import { presentAddress } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const changeAddress = action("users.addresses.change", async (context, { addresses }) => {
  const { params, caller, now, transaction, fail } = context;
  return transaction(async (tx) => {
    const saved = await addresses.ofUser(caller.userId, params.id, tx);
    if (!saved) throw fail("not-found");
    const changed = {
      ...saved,
      label: params.label === undefined ? saved.label : params.label,
      address: params.address ?? saved.address,
      updatedAt: now,
    };
    if (!(await addresses.update(changed, tx))) throw fail("not-found");
    return presentAddress(changed);
  });
});
