import { clearDefaultAddress } from "../clear-default-address.ts";
import { assertRegions } from "../regions/assert-regions.ts";
import { presentAddress } from "../present.ts";
import { action } from "../users.dependencies.ts";

export const changeAddress = action("users.addresses.change", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  const { addresses } = dependencies;
  return transaction(async (tx) => {
    if (params.isDefault) await clearDefaultAddress(caller.userId, dependencies, tx);
    const saved = await addresses.ofUser(caller.userId, params.id, tx);
    if (!saved) throw fail("not-found");
    if (params.address) await assertRegions(params.address);
    const changed = {
      ...saved,
      label: params.label === undefined ? saved.label : params.label,
      address: params.address ?? saved.address,
      isDefault: params.isDefault ?? saved.isDefault,
      updatedAt: now,
    };
    if (!(await addresses.update(changed, tx))) throw fail("not-found");
    return presentAddress(changed);
  });
});
