import { newId } from "../../../mixins/contract/ids.ts";
import { clearDefaultAddress } from "../clear-default-address.ts";
import { assertRegions } from "../regions/assert-regions.ts";
import { presentAddress } from "../present.ts";
import { action } from "../users.dependencies.ts";

const addressesPerUser = 50;

export const addAddress = action("users.addresses.add", async (context, dependencies) => {
  const { params, caller, now, transaction, fail } = context;
  await assertRegions(params.address);
  const saved = {
    id: newId(),
    userId: caller.userId,
    label: params.label ?? null,
    address: params.address,
    isDefault: params.isDefault,
    createdAt: now,
    updatedAt: now,
  };
  await transaction(async (tx) => {
    if (saved.isDefault) await clearDefaultAddress(caller.userId, dependencies, tx);
    if (!(await dependencies.addresses.insert(saved, addressesPerUser, tx)))
      throw fail("limit-reached", `An account keeps at most ${addressesPerUser} addresses`, {
        limit: addressesPerUser,
      });
  });
  return presentAddress(saved);
});
